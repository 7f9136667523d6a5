-- grain: part_no; ranges of SKUs with about so many rows of stock; all rows of a SKU are in one range
with skus as (
    select
        sku,
        count(*) as row_count
    from stock
    where on_hand_qty > 0
    group by sku
),

placed as (
    select
        sku,
        (sum(row_count) over (order by sku) - row_count) // $rows_most as part_no
    from skus
)

select
    (row_number() over (order by part_no))::integer as part_no,
    min(sku) as first_sku,
    max(sku) as last_sku
from placed
group by part_no
order by part_no
