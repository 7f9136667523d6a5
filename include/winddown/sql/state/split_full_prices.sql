-- grain: sku; the price from before this exit's first change of it
select
    sku,
    from_minor as full_minor
from price_change
where exit_id = :exit_id and version = 1
