-- grain: an event that names no line, numbered in the order of time; the order of the files does not matter
create temp table open_rows as
select
    row_number() over (order by leg, happened_at, account_id, event_key) as number,
    *
from aside
where reason not in ('request', 'fee')
