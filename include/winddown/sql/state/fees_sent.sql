-- grain: shipment_no; the shipments of an exit that stand as return requests
select
    shipment.shipment_no,
    shipment.warehouse_id,
    shipment.handling_class,
    shipment.units_qty,
    shipment.weight_g,
    shipment.volume_ml
from return_request
inner join shipment
    on return_request.plan_id = shipment.plan_id and return_request.shipment_no = shipment.shipment_no
where return_request.exit_id = :exit_id
order by shipment.warehouse_id, shipment.shipment_no
