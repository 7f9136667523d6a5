-- grain: hash of a requested row's key that more than one row has; only those rows are ranked
create temp table repeated_requests as
select hash(account_id, request_no, raw_sku, barcode, word, unit) as key_hash, count(*) as copies
from tidy_requests
group by key_hash
having count(*) > 1
