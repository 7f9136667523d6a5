-- grain: (warehouse_id, sku, condition), pieces planned to return beside pieces put into shipments;
-- a group on one side only counts 0 on the other
with to_return as (
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
    coalesce(to_return.warehouse_id, shipped.warehouse_id) as warehouse_id,
    coalesce(to_return.sku, shipped.sku) as sku,
    coalesce(to_return.condition, shipped.condition) as condition,
    coalesce(to_return.return_qty, 0) as return_qty,
    coalesce(shipped.shipped_qty, 0) as shipped_qty
from to_return
full join shipped
    on to_return.warehouse_id = shipped.warehouse_id
    and to_return.sku = shipped.sku
    and to_return.condition = shipped.condition
