-- grain: line_id, from 0 in the order of account_id, request_no, sku, condition. `is_only` says that no other
-- condition of that SKU stands on the request
create temp view asked as
select
    asked_lines.rowid as line_id,
    asked_lines.*,
    hash(account_id, request_no, sku) not in (select several.key_hash from several) as is_only
from asked_lines
