-- grain: line_id, from 0 in the order of account_id, request_no, sku, condition. `is_only` says that no other
-- condition of that SKU stands on the request; `line_key` is 128 bits of account, request and SKU, which need a third
-- of their memory in a join
create temp view asked as
select
    asked_lines.rowid as line_id,
    asked_lines.*,
    md5_number(concat_ws(chr(31), account_id, request_no, sku)) as line_key,
    hash(account_id, request_no, sku) not in (select several.key_hash from several) as is_only
from asked_lines
