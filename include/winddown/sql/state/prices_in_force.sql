-- grain: sku; the newest changes that an answer said are in effect, of one effect; a young one may not show yet
select
    mine.sku,
    mine.version,
    mine.offer_id,
    mine.price_minor,
    mine.old_price_minor,
    mine.from_minor,
    mine.currency,
    effect.changed_at > clock_timestamp() - make_interval(secs => :horizon_s) as is_young
from price_change as mine
inner join effect on mine.effect_key = effect.effect_key
where
    mine.effect_key = :effect_key
    and mine.problem is null
    and effect.state = 'confirmed'
    and not exists (
        select
        from price_change as newer
        where newer.exit_id = mine.exit_id and newer.sku = mine.sku and newer.version = mine.version + 1
    )
order by mine.sku
