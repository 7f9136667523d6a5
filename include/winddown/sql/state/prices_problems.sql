-- tell the problems of single changes of an effect; what was told before stays
update price_change
set problem = told.problem, problem_text = told.problem_text, changed_at = clock_timestamp()
from unnest(
    cast(:skus as text []), cast(:problems as text []), cast(:texts as text [])
) as told (sku, problem, problem_text)
where
    price_change.effect_key = :effect_key
    and price_change.sku = told.sku
    and price_change.problem is null
