-- grain: line_id, from 0 in the order of account_id, request_no, sku, condition
create temp view asked as
select
    asked_lines.rowid as line_id,
    asked_lines.*
from asked_lines
