-- grain: (warehouse_id, sku, condition), pieces on hand beside pieces planned;
-- a group on one side only counts 0 on the other, so nothing can appear or vanish unseen
with held as (
    select warehouse_id, sku, condition, sum(on_hand_qty) as on_hand_qty
    from stock
    group by warehouse_id, sku, condition
),
planned as (
    select warehouse_id, sku, condition, sum(planned_qty) as planned_qty
    from plan_lines
    group by warehouse_id, sku, condition
)
select
    coalesce(held.warehouse_id, planned.warehouse_id) as warehouse_id,
    coalesce(held.sku, planned.sku) as sku,
    coalesce(held.condition, planned.condition) as condition,
    coalesce(held.on_hand_qty, 0) as on_hand_qty,
    coalesce(planned.planned_qty, 0) as planned_qty
from held
full join planned
    on held.warehouse_id = planned.warehouse_id
    and held.sku = planned.sku
    and held.condition = planned.condition
