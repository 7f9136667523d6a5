-- grain: sku; the books beside the new snapshot. A posting's pieces count as sold once, when
-- they are out of the warehouse now and were not when the books were last brought up to date.
with now_there as (
    select
        sku,
        sum(on_hand_qty) filter (where condition <> 'lost') as there_qty,
        sum(on_hand_qty) filter (where condition = 'lost') as lost_qty
    from stock
    group by sku
),

now_left as (
    select posting_number, sku, sum(ordered_qty) as qty
    from orders
    where list_contains($left, status)
    group by posting_number, sku
),

then_left as (
    select posting_number, sku, sum(ordered_qty) as qty
    from orders_before
    where list_contains($left, status)
    group by posting_number, sku
),

sold as (
    select sku, sum(greatest(now_left.qty - coalesce(then_left.qty, 0), 0)) as sold_qty
    from now_left
    left join then_left using (posting_number, sku)
    group by sku
),

books as (
    select
        sku,
        sum(qty) filter (where node = 'STOCK') as stock_qty,
        sum(qty) filter (where node = 'IN_REMOVAL') as awaiting_qty,
        sum(qty) filter (where node = 'LOST') as lost_qty
    from balance
    group by sku
),

skus as (
    select sku from now_there
    union
    select sku from books
    union
    select sku from sold
)

select
    sku,
    coalesce(stock_qty, 0)::bigint as stock_qty,
    (coalesce(books.lost_qty, 0) - coalesce(lost_on_returns.lost_qty, 0))::bigint as lost_booked_qty,
    (coalesce(lost_on_returns.lost_qty, 0) + coalesce(lost_on_returns.compensated_qty, 0))::bigint as lost_returning_qty,
    coalesce(awaiting_qty, 0)::bigint as awaiting_qty,
    coalesce(sold_qty, 0)::bigint as sold_qty,
    coalesce(there_qty, 0)::bigint as there_qty,
    coalesce(now_there.lost_qty, 0)::bigint as lost_qty
from skus
left join now_there using (sku)
left join books using (sku)
left join lost_on_returns using (sku)
left join sold using (sku)
order by sku
