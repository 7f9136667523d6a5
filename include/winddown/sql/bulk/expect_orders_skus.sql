-- grain: (posting_number, line_no), every order line with whether the catalogue knows its sku
select
    posting_number,
    line_no,
    sku,
    exists (select 1 from catalogue where catalogue.sku = orders.sku) as is_in_catalogue
from orders
