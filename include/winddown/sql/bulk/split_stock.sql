-- grain: warehouse_id, sku, condition; stock of a range of SKUs with its catalogue entry, the
-- marketplace's own fees where it told them, and the pieces already on approved returns
select
    stock.warehouse_id,
    stock.sku,
    stock.offer_id,
    catalogue.name,
    stock.condition,
    stock.on_hand_qty,
    stock.reserved_qty,
    coalesce(committed.committed_qty, 0)::bigint as committed_qty,
    catalogue.length_mm,
    catalogue.width_mm,
    catalogue.height_mm,
    catalogue.weight_g,
    catalogue.handling_class,
    catalogue.price_minor,
    coalesce(full_prices.full_minor, catalogue.price_minor) as full_minor,
    catalogue.currency,
    catalogue.unit_cost_minor,
    -- a value nobody gave is assumed, and the decision says so
    coalesce(
        catalogue.resale_minor,
        coalesce(full_prices.full_minor, catalogue.price_minor) * $resale_default_pct // 100
    ) as resale_minor,
    catalogue.resale_minor is null as is_resale_assumed,
    fees.commission_bp,
    fees.delivery_minor,
    fees.acquiring_minor,
    fees.min_price_minor
from stock
inner join catalogue using (sku)
left join committed using (warehouse_id, sku, condition)
left join fees using (sku)
left join full_prices using (sku)
where stock.sku between $first_sku and $last_sku and stock.on_hand_qty > 0
order by stock.sku, stock.condition, stock.warehouse_id
