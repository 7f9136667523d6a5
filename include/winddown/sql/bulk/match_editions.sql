-- grain: account_id, request_no, sku, barcode, condition and unit as written; the newest edition of each requested row
create temp view editions as
select tidy_requests.*
from tidy_requests
anti join older_requests on tidy_requests.row_id = older_requests.row_id
