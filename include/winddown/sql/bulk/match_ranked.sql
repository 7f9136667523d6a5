-- grain: a row, of one part of all, whose key more than one row has; the first is the newest edition. `copies` is how many rows told
-- the event, `is_restated` that they did not say the same
select
    row_id,
    leg,
    row_number() over newest_first = 1 as is_first,
    count(*) over one_event as copies,
    min(content) over one_event <> max(content) over one_event as is_restated
from (
    select
        row_id,
        leg,
        hash(account_id, event_key) as key_hash,
        event_key,
        version,
        happened_at,
        hash(request_no, sku, barcode, condition, qty, unit, if(leg = 'dock', word, '')) as content,
        hash(
            request_no, shipment_no, carton_id, tracking_no, sku, barcode, condition, word, measure, qty, unit,
            report_no, place, carton_weight_g, amount_minor, currency, by_whom, note
        ) as whole
    from tidy
    where
        hash(leg, account_id, event_key) in (
            select repeated.key_hash from repeated where repeated.key_hash % $parts = $part
        )
        and hash(leg, account_id, event_key) % $parts = $part
) as rows_of_events
window
    one_event as (partition by leg, key_hash, event_key),
    newest_first as (
        partition by leg, key_hash, event_key
        order by version desc, happened_at desc, content desc, whole desc
    )
