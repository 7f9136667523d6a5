-- grain: sku, condition; the lines of a shipment with the names that the plan has
select
    shipment_line.sku,
    shipment_line.condition,
    shipment_line.offer_id,
    shipment_line.planned_qty,
    shipment_line.weight_g,
    coalesce(plan_line.name, '') as name
from shipment_line
left join plan_line
    on
        shipment_line.plan_id = plan_line.plan_id
        and shipment_line.sku = plan_line.sku
        and shipment_line.condition = plan_line.condition
        and plan_line.warehouse_id = :warehouse_id
        and plan_line.disposition = 'return'
where shipment_line.plan_id = :plan_id and shipment_line.shipment_no = :shipment_no
order by shipment_line.sku, shipment_line.condition
