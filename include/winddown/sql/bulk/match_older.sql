-- grain: row_id of a requested row of which a newer edition is there
create temp table older_requests as
with repeated_requests as (
    select hash(account_id, request_no, raw_sku, barcode, word, unit) as key_hash
    from tidy_requests
    group by key_hash
    having count(*) > 1
)

select row_id
from tidy_requests
where hash(account_id, request_no, raw_sku, barcode, word, unit) in (select key_hash from repeated_requests)
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
