-- grain: sku; of the products whose price this exit has changed: today's price and the one from before
select
    changed.sku,
    catalogue.price_minor,
    changed.full_minor
from changed
inner join catalogue using (sku)
where catalogue.price_minor <> changed.full_minor
order by changed.sku
