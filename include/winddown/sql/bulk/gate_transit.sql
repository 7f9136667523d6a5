-- grain: one row; postings on their way to a buyer, and the oldest of them by name
with postings as (
    select
        posting_number,
        min(ordered_at) as ordered_at
    from orders
    where list_contains($in_transit, status)
    group by posting_number
)

select
    count(*) as in_transit_qty,
    (
        select list(posting_number order by ordered_at, posting_number)
        from (select * from postings order by ordered_at, posting_number limit 100)
    ) as in_transit_orders
from postings
