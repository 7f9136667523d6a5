-- grain: plan_id, warehouse_id; approved plans with a shipment that neither stands at the desk nor
-- was refused there, oldest first
select
    plan.plan_id,
    shipment.warehouse_id
from plan
inner join shipment on plan.plan_id = shipment.plan_id
left join effect
    on plan.plan_id = effect.plan_id and shipment.shipment_no = effect.request ->> 'shipment_no'
where
    plan.exit_id = :exit_id
    and plan.state = 'approved'
    and coalesce(effect.state, 'none') not in ('confirmed', 'rejected', 'cancelled')
group by plan.plan_id, plan.created_at, shipment.warehouse_id
order by plan.created_at, plan.plan_id, shipment.warehouse_id
