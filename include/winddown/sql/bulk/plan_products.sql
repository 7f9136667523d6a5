-- grain: sku; products with stock: price, cost, fees as far as they are told, and pieces sold since $since
with sold as (
    select
        sku,
        sum(ordered_qty) as sold_qty
    from orders
    where status <> 'cancelled' and ordered_at >= $since
    group by sku
)

select
    catalogue.sku,
    catalogue.row_no,
    catalogue.price_minor,
    catalogue.unit_cost_minor,
    catalogue.resale_minor,
    fees.commission_bp,
    fees.acquiring_minor,
    fees.delivery_minor,
    coalesce(sold.sold_qty, 0)::bigint as sold_qty
from catalogue
left join fees using (sku)
left join sold using (sku)
where catalogue.sku in (select stock.sku from stock where stock.on_hand_qty > 0)
order by catalogue.row_no
