-- grain: (warehouse_id, sku, condition), every row of stock with whether the catalogue knows its sku
select
    warehouse_id,
    sku,
    condition,
    exists (select 1 from catalogue where catalogue.sku = stock.sku) as is_in_catalogue
from stock
