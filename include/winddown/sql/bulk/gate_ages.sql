-- grain: age_days; postings by whole days since the order, and how many of them still block;
-- those older than age_max count at that age, and only while they block
with postings as (
    select
        posting_number,
        greatest(0, floor(epoch($taken_at - min(ordered_at)) / 86400))::bigint as age_days,
        bool_or(not list_contains($passable, status)) as is_open
    from orders
    group by posting_number
)

select
    least(age_days, $age_max) as age_days,
    count(*) filter (where is_open) as open_qty,
    count(*) as total_qty
from postings
where is_open or age_days < $age_max
group by least(age_days, $age_max)
order by age_days
