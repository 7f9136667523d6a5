-- grain: one row; what became of the changes of prices, superseded ones left out
select
    count(*) filter (where price_change.problem is null and effect.state = 'confirmed') as changed,
    count(*) filter (
        where price_change.problem is null and effect.state = 'confirmed' and price_change.reason = 'restore'
    ) as restored,
    count(*) filter (where price_change.problem = 'refused') as refused,
    count(*) filter (where price_change.problem = 'conflict') as conflicts,
    count(*) filter (
        where price_change.problem is null and effect.state in ('ready', 'sending', 'unknown', 'escalated')
    ) as waiting
from price_change
inner join effect on price_change.effect_key = effect.effect_key
where price_change.exit_id = :exit_id
