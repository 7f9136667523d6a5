-- grain: posting_number, warehouse_id, sku; the order lines whose status is not passable
select
    posting_number,
    any_value(status) as status,
    warehouse_id,
    sku,
    sum(ordered_qty)::bigint as qty
from orders
where not list_contains($passable, status)
group by posting_number, warehouse_id, sku
order by posting_number, warehouse_id, sku
