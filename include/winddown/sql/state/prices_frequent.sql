-- grain: sku; products of an effect whose price was sent at least so often within the last hour, by any
-- exit of the account: all their effects have the conflict key of this one
with tries as (
    select effect.effect_key
    from effect
    inner join effect_attempt on effect.effect_key = effect_attempt.effect_key
    where
        effect.conflict_key = :conflict_key
        and effect_attempt.started_at > clock_timestamp() - interval '1 hour'
        and coalesce(effect_attempt.outcome, 'unknown') not in ('not_sent', 'denied')
        and not (effect.effect_key = :effect_key and effect_attempt.ended_at is null)
)

select price_change.sku
from tries
inner join price_change on tries.effect_key = price_change.effect_key
where
    (select count(*) from tries) >= :most
    and price_change.sku in (select mine.sku from price_change as mine where mine.effect_key = :effect_key)
group by price_change.sku
having count(*) >= :most
