-- grain: warehouse_id, sku, condition; pieces on approved returns that have not left the warehouse:
-- planned ones until the desk has answered, then those the books have in IN_REMOVAL
with waiting as (
    select
        request_id,
        sku,
        condition,
        sum(case 'IN_REMOVAL' when to_node then qty when from_node then -qty else 0 end) as waiting_qty
    from movement
    where exit_id = :exit_id and request_id is not null
    group by request_id, sku, condition
),

promised as (
    select
        shipment.warehouse_id,
        shipment_line.sku,
        shipment_line.condition,
        case
            when return_line.request_id is not null
                then coalesce(waiting.waiting_qty, 0)
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
    left join waiting
        on
            return_request.request_id = waiting.request_id
            and shipment_line.sku = waiting.sku
            and shipment_line.condition = waiting.condition
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
