-- grain: warehouse_id, sku; the stock that warehouses keep for orders
select
    warehouse_id,
    sku,
    sum(reserved_qty)::bigint as qty
from stock
group by warehouse_id, sku
having sum(reserved_qty) > 0
order by warehouse_id, sku
