-- grain: line_id. `is_only` says that no other condition of that SKU stands on the request; `line_key` and `line_check`
-- are 128 bits of account, request and SKU, which need a third of their memory in a join
create temp view keyed as
select
    line_id,
    condition,
    hash(account_id, request_no, sku) as line_key,
    hash(sku, request_no, account_id) as line_check,
    line_key not in (select several.key_hash from several) as is_only
from asked
