-- grain: warehouse_id, sku, condition; pieces on approved returns that have not left the warehouse:
-- planned ones until the desk has answered, then the accepted ones less what it says it shipped
with shipped as (
    select
        request_no,
        sku,
        condition,
        sum(qty) as shipped_qty
    from event_now
    where exit_id = :exit_id and kind = 'shipped'
    group by request_no, sku, condition
),

promised as (
    select
        shipment.warehouse_id,
        shipment_line.sku,
        shipment_line.condition,
        case
            when return_line.request_id is not null
                then greatest(return_line.accepted_qty - coalesce(shipped.shipped_qty, 0), 0)
            when effect.state in ('rejected', 'cancelled') or return_request.request_id is not null then 0
            else shipment_line.planned_qty
        end as qty
    from plan
    inner join shipment on plan.plan_id = shipment.plan_id
    inner join shipment_line
        on shipment.plan_id = shipment_line.plan_id and shipment.shipment_no = shipment_line.shipment_no
    left join effect
        on plan.plan_id = effect.plan_id and effect.request ->> 'shipment_no' = shipment.shipment_no
    left join return_request
        on plan.plan_id = return_request.plan_id and shipment.shipment_no = return_request.shipment_no
    left join return_line
        on
            return_request.request_id = return_line.request_id
            and shipment_line.sku = return_line.sku
            and shipment_line.condition = return_line.condition
    left join shipped
        on
            return_request.request_no = shipped.request_no
            and shipment_line.sku = shipped.sku
            and shipment_line.condition = shipped.condition
    where plan.exit_id = :exit_id and plan.state = 'approved'
)

select
    warehouse_id,
    sku,
    condition,
    sum(qty)::bigint as committed_qty
from promised
group by warehouse_id, sku, condition
having sum(qty) > 0
order by warehouse_id, sku, condition
