-- grain: a requested row that cannot be read, and why
select
    account_id,
    request_no,
    coalesce(sku, nullif(raw_sku, ''), nullif(barcode, ''), '') as sku,
    coalesce(condition, '') as condition,
    reason as class,
    written_qty as qty,
    requested_at as clock_at
from read_requests
where reason is not null and written_qty > 0
order by all
