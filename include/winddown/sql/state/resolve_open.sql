-- grain: effect_key; effects that are not settled, with what was said of them last and whether people were
-- told since they came into their state; is_free: no other effect holds their conflict key
select
    effect.effect_key,
    effect.exit_id,
    effect.kind,
    effect.plan_id,
    effect.account,
    effect.conflict_key,
    effect.state,
    effect.sends,
    effect.request,
    effect.created_at,
    effect.changed_at,
    extract(epoch from clock_timestamp() - effect.changed_at)::bigint as age_seconds,
    coalesce(effect.reply ->> 'detail', last_try.detail, '') as detail,
    coalesce(last_try.outcome, '') as last_outcome,
    exists (
        select 1
        from effect_note
        where
            effect_note.effect_key = effect.effect_key
            and effect_note.kind = 'alerted'
            and effect_note.noted_at >= effect.changed_at
    ) as is_told,
    not exists (
        select 1
        from effect as other
        where
            other.conflict_key = effect.conflict_key
            and other.effect_key <> effect.effect_key
            and other.state in ('sending', 'unknown', 'escalated')
    ) as is_free
from effect
left join lateral (
    select
        effect_attempt.outcome,
        effect_attempt.detail
    from effect_attempt
    where effect_attempt.effect_key = effect.effect_key
    order by effect_attempt.attempt_no desc
    limit 1
) as last_try on true
where
    effect.state in ('ready', 'sending', 'unknown', 'escalated')
    and (:exit_id = '' or effect.exit_id = :exit_id)
order by effect.created_at, effect.effect_key
