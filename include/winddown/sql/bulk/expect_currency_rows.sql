-- grain: (frame, row_id), every row of the catalogue and the orders with the currency of its amounts
select
    'catalogue' as frame,
    sku as row_id,
    currency
from catalogue
union all
select
    'orders' as frame,
    posting_number || ' line ' || line_no as row_id,
    currency
from orders
