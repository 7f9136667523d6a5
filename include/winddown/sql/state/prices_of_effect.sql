-- grain: sku; the changes of an effect that nothing speaks against, with what our own change before it set
select
    mine.sku,
    mine.version,
    mine.offer_id,
    mine.price_minor,
    mine.old_price_minor,
    mine.from_minor,
    mine.currency,
    earlier.price_minor as earlier_minor
from price_change as mine
left join lateral (
    select before.price_minor
    from price_change as before
    where
        before.exit_id = mine.exit_id
        and before.sku = mine.sku
        and before.version < mine.version
        and before.problem is null
    order by before.version desc
    limit 1
) as earlier on true
where mine.effect_key = :effect_key and mine.problem is null
order by mine.sku
