-- grain: a row of the requested files, as often as it came; other spellings of words made one
create temp view tidy_requests as
select
    row_id,
    coalesce(account_id, '') as account_id,
    request_no,
    coalesce(sku, '') as raw_sku,
    coalesce(barcode, '') as barcode,
    coalesce(lower(trim(condition)), 'sellable') as word,
    coalesce(lower(trim(unit)), '') as unit,
    requested_qty,
    accepted_qty,
    coalesce(cancelled_qty, 0) as cancelled_qty,
    coalesce(disposed_qty, 0) as disposed_qty,
    requested_at,
    coalesce(lower(trim(order_type)), 'return') as order_type,
    coalesce(lower(trim(status)), '') as status,
    coalesce(warehouse_id, '') as warehouse_id,
    coalesce(version, 1) as version,
    unit_cost_minor,
    price_minor,
    resale_minor,
    coalesce(currency, '') as currency,
    weight_g
from requested
