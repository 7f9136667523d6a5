-- what a newer version of the same SKU's price has overtaken is never sent
update price_change as mine
set problem = 'superseded', problem_text = 'a newer change took its place', changed_at = clock_timestamp()
where
    mine.effect_key = :effect_key
    and mine.problem is null
    and exists (
        select
        from price_change as newer
        where newer.exit_id = mine.exit_id and newer.sku = mine.sku and newer.version = mine.version + 1
    )
