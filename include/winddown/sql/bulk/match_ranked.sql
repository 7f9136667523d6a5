-- grain: a row, of one part of all, whose key more than one row has; the first is the newest edition.
-- `is_restated` says that they did not say the same
select
    row_id,
    leg,
    row_number() over newest_first = 1 as is_first,
    min(content) over whole_event <> max(content) over whole_event as is_restated
from retold
where key_hash % $parts = $part
window
    newest_first as (
        partition by key_hash, event_key
        order by version desc, happened_at desc, content desc, whole desc
    ),
    whole_event as (
        partition by key_hash, event_key
        order by version desc, happened_at desc, content desc, whole desc
        rows between unbounded preceding and unbounded following
    )
