-- grain: sku; the merchant's article
select
    sku,
    any_value(offer_id) as offer_id
from catalogue
group by sku
order by sku
