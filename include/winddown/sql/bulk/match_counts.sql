-- grain: an open row; what is needed to find its line, or to word why it has none
select
    number,
    leg,
    kind,
    reason,
    account_id,
    request_no,
    shipment_no,
    carton_id,
    tracking_no,
    coalesce(sku, nullif(raw_sku, ''), nullif(barcode, ''), '') as sku,
    coalesce(condition, word) as condition,
    qty,
    written_qty,
    word,
    happened_at,
    event_key,
    note
from open_rows
order by number
