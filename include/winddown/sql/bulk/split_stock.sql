-- grain: warehouse_id, sku, condition; stock with its catalogue entry, the pieces sold in the
-- window that ends with the snapshot, and the pieces already on approved returns
with sold as (
    select
        warehouse_id,
        sku,
        sum(ordered_qty) as sold_qty
    from orders
    where status <> 'cancelled' and ordered_at >= $since
    group by warehouse_id, sku
)

select
    stock.warehouse_id,
    stock.sku,
    stock.offer_id,
    catalogue.name,
    stock.condition,
    stock.on_hand_qty,
    stock.reserved_qty,
    coalesce(committed.committed_qty, 0)::bigint as committed_qty,
    coalesce(sold.sold_qty, 0)::bigint as sold_qty,
    catalogue.length_mm,
    catalogue.width_mm,
    catalogue.height_mm,
    catalogue.weight_g,
    catalogue.handling_class,
    catalogue.price_minor,
    catalogue.currency,
    catalogue.unit_cost_minor,
    -- a value nobody gave is assumed, and the line says so
    coalesce(catalogue.resale_minor, catalogue.price_minor * $resale_default_pct // 100) as resale_minor,
    catalogue.resale_minor is null as is_resale_assumed
from stock
inner join catalogue using (sku)
left join sold using (warehouse_id, sku)
left join committed using (warehouse_id, sku, condition)
where stock.warehouse_id = $warehouse_id and stock.on_hand_qty > 0
order by stock.sku, stock.condition
