-- grain: sku; what stands against a plan's prices and is not overtaken by a newer change
select
    mine.sku,
    mine.problem,
    mine.problem_text
from price_change as mine
inner join effect on mine.effect_key = effect.effect_key
where
    mine.exit_id = :exit_id
    and mine.problem in ('refused', 'conflict')
    and effect.request ->> 'digest' = :digest
    and not exists (
        select
        from price_change as newer
        where newer.exit_id = mine.exit_id and newer.sku = mine.sku and newer.version = mine.version + 1
    )
order by mine.sku
