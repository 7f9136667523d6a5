-- grain: warehouse_id, method, provider; the postings of the last $days days: how many, cancelled, judged
-- against their promise, late, left late; days promised and taken on average. Days are calendar days in UTC.
with postings as (
    select
        posting_number,
        any_value(warehouse_id) as warehouse_id,
        any_value(method) as method,
        any_value(provider) as provider,
        bool_or(status in ('cancelled', 'not_accepted')) as is_cancelled,
        floor(epoch(min(ordered_at)) / 86400) as ordered_day,
        floor(epoch(min(promised_at)) / 86400) as promised_day,
        min(delivered_on) - date '1970-01-01' as delivered_day,
        bool_or(status = 'delivered') as is_delivered,
        coalesce(min(shipped_at), $now) > min(ship_by_at) as left_late,
        min(promised_at) < $now as is_due
    from own_postings
    where ordered_at <= $now and epoch($now) - epoch(ordered_at) < $days * 86400
    group by posting_number
),

judged as (
    select
        *,
        not is_cancelled and promised_day is not null
        and (delivered_day is not null or (not is_delivered and is_due)) as can_be_judged
    from postings
)

select
    warehouse_id,
    method,
    provider,
    count(*) as postings_qty,
    count(*) filter (where is_cancelled) as cancelled_qty,
    count(*) filter (where can_be_judged) as judged_qty,
    count(*) filter (where can_be_judged and coalesce(delivered_day > promised_day, true)) as late_qty,
    count(*) filter (where not is_cancelled and left_late) as shipped_late_qty,
    avg(promised_day - ordered_day) filter (where can_be_judged) as promised_days,
    avg(delivered_day - ordered_day) filter (where not is_cancelled) as actual_days
from judged
group by warehouse_id, method, provider
order by warehouse_id, method, provider
