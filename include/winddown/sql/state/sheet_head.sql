-- grain: effect_key; the shipment a return request asks for, and whose it is
select
    effect.exit_id,
    effect.plan_id,
    effect.created_at,
    plan.snapshot_id,
    exit.merchant,
    shipment.shipment_no,
    shipment.warehouse_id,
    shipment.destination,
    shipment.handling_class,
    shipment.volume_ml
from effect
inner join exit on effect.exit_id = exit.exit_id
inner join plan on effect.plan_id = plan.plan_id
inner join shipment
    on effect.plan_id = shipment.plan_id and effect.request ->> 'shipment_no' = shipment.shipment_no
where effect.effect_key = :effect_key
