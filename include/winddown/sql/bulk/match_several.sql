-- grain: hash of account_id, request_no and sku that stand on a request in several conditions
create temp table several as
select hash(account_id, request_no, sku) as key_hash
from asked_lines
group by key_hash
having count(*) > 1
