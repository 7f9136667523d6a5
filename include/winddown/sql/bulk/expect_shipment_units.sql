-- grain: (warehouse_id, sku, condition), pieces planned to return beside pieces put into shipments;
-- a group on one side only counts 0 on the other
with returning as (
    select warehouse_id, sku, condition, sum(planned_qty) as return_qty
    from plan_lines
    where disposition = 'return'
    group by warehouse_id, sku, condition
),
shipped as (
    select warehouse_id, sku, condition, sum(planned_qty) as shipped_qty
    from shipment_lines
    group by warehouse_id, sku, condition
)
select
    coalesce(returning.warehouse_id, shipped.warehouse_id) as warehouse_id,
    coalesce(returning.sku, shipped.sku) as sku,
    coalesce(returning.condition, shipped.condition) as condition,
    coalesce(returning.return_qty, 0) as return_qty,
    coalesce(shipped.shipped_qty, 0) as shipped_qty
from returning
full join shipped
    on returning.warehouse_id = shipped.warehouse_id
    and returning.sku = shipped.sku
    and returning.condition = shipped.condition
