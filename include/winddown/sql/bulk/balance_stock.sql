-- grain: sku; pieces in the warehouses and pieces reported lost
select
    sku,
    coalesce(sum(on_hand_qty) filter (where condition <> 'lost'), 0)::bigint as there_qty,
    coalesce(sum(on_hand_qty) filter (where condition = 'lost'), 0)::bigint as lost_qty
from stock
group by sku
order by sku
