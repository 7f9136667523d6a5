-- grain: sku; pieces the desk accepted and has not shipped, so they are still in its warehouse
with shipped as (
    select
        request_no,
        sku,
        condition,
        sum(qty) as shipped_qty
    from event_now
    where exit_id = :exit_id and kind = 'shipped'
    group by request_no, sku, condition
)

select
    return_line.sku,
    sum(greatest(return_line.accepted_qty - coalesce(shipped.shipped_qty, 0), 0))::bigint as awaiting_qty
from return_request
inner join return_line on return_request.request_id = return_line.request_id
left join shipped
    on
        return_request.request_no = shipped.request_no
        and return_line.sku = shipped.sku
        and return_line.condition = shipped.condition
where return_request.exit_id = :exit_id
group by return_line.sku
order by return_line.sku
