-- grain: sku; the newest change of its price in this exit, the price before the first one, whether it is
-- still on its way, and whether it may rise again
with newest as (
    select distinct on (sku)
        sku,
        version,
        effect_key,
        offer_id,
        price_minor,
        currency,
        problem,
        created_at
    from price_change
    where exit_id = :exit_id
    order by sku, version desc
)

select
    newest.sku,
    newest.version,
    newest.offer_id,
    newest.price_minor,
    first_change.from_minor as first_minor,
    newest.currency,
    effect.request ->> 'digest' as digest,
    newest.problem is null and effect.state not in ('confirmed', 'rejected', 'cancelled') as is_open,
    newest.problem,
    newest.created_at + make_interval(days => :no_raise_days) <= now() as may_rise
from newest
inner join effect on newest.effect_key = effect.effect_key
inner join price_change as first_change
    on first_change.exit_id = :exit_id and newest.sku = first_change.sku and first_change.version = 1
order by newest.sku
