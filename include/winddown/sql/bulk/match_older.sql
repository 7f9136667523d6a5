-- grain: row_id, of one part of all, of a requested row of which a newer edition is there
select row_id
from tidy_requests
where
    hash(account_id, request_no, raw_sku, barcode, word, unit) in (
        select repeated_requests.key_hash from repeated_requests where repeated_requests.key_hash % $parts = $part
    )
    and hash(account_id, request_no, raw_sku, barcode, word, unit) % $parts = $part
qualify
    row_number() over (
        partition by account_id, request_no, raw_sku, barcode, word, unit
        order by
            version desc,
            requested_at desc,
            hash(
                requested_qty, accepted_qty, cancelled_qty, disposed_qty, order_type, status, warehouse_id,
                unit_cost_minor, price_minor, resale_minor, currency, weight_g
            ) desc
    ) > 1
