-- grain: request_no, sku, condition; what the exit asked back, with what one piece is worth as the latest plan had it
with worth as (
    select distinct on (plan_line.sku)
        plan_line.sku,
        plan_line.unit_cost_minor,
        plan_line.price_minor,
        plan_line.resale_minor,
        plan_line.weight_g,
        plan_line.currency
    from plan_line
    inner join plan on plan_line.plan_id = plan.plan_id
    where plan.exit_id = :exit_id
    order by plan_line.sku, plan.created_at desc
)

select
    return_request.request_no,
    return_line.sku,
    return_line.condition,
    return_line.requested_qty,
    return_line.accepted_qty,
    return_request.created_at as requested_at,
    return_request.warehouse_id,
    worth.unit_cost_minor,
    worth.price_minor,
    worth.resale_minor,
    worth.currency,
    worth.weight_g
from return_request
inner join return_line on return_request.request_id = return_line.request_id
left join worth on return_line.sku = worth.sku
where return_request.exit_id = :exit_id
order by return_request.request_no, return_line.sku, return_line.condition
