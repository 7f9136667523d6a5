-- grain: sku; what one piece cost, as the latest plan had it
select distinct on (plan_line.sku)
    plan_line.sku,
    plan_line.unit_cost_minor
from plan_line
inner join plan on plan_line.plan_id = plan.plan_id
where plan.exit_id = :exit_id
order by plan_line.sku, plan.created_at desc
