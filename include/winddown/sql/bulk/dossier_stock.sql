-- grain: warehouse_id, condition; pieces and what they are worth, those of SKUs without a price or a cost apart
select
    stock.warehouse_id,
    stock.condition,
    count(distinct stock.sku) filter (where stock.on_hand_qty > 0)::bigint as sku_qty,
    sum(stock.on_hand_qty)::bigint as on_hand_qty,
    sum(stock.reserved_qty)::bigint as reserved_qty,
    coalesce(sum(stock.on_hand_qty * catalogue.price_minor), 0)::bigint as price_minor,
    coalesce(sum(stock.on_hand_qty * catalogue.unit_cost_minor), 0)::bigint as cost_minor,
    coalesce(
        sum(stock.on_hand_qty) filter (where catalogue.price_minor is null or catalogue.unit_cost_minor is null), 0
    )::bigint as unpriced_qty
from stock
left join catalogue on stock.sku = catalogue.sku
group by stock.warehouse_id, stock.condition
order by stock.warehouse_id, stock.condition
