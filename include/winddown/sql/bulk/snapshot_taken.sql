-- grain: one row; when the snapshot's stock was counted, and when its first order came in
select
    (select max(counted_at) from stock) as taken_at,
    (select min(ordered_at) from orders) as first_ordered_at
