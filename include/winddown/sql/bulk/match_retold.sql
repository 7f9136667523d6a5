-- grain: a row whose key more than one row has, with what it says as numbers; read once, because it ranks in parts
create temp table retold as
select
    row_id,
    leg,
    hash(leg, account_id, event_key) as key_hash,
    event_key,
    version,
    happened_at,
    hash(request_no, sku, barcode, condition, qty, unit, if(leg = 'dock', word, '')) as content,
    hash(
        request_no, shipment_no, carton_id, tracking_no, sku, barcode, condition, word, measure, qty, unit,
        report_no, place, carton_weight_g, amount_minor, currency, by_whom, note
    ) as whole
from tidy
where hash(leg, account_id, event_key) in (select repeated.key_hash from repeated)
