-- grain: warehouse_id, sku, condition; what the plan must add up to
select
    warehouse_id,
    sku,
    condition,
    on_hand_qty
from stock
order by warehouse_id, sku, condition
