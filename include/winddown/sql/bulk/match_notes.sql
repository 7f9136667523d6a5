-- grain: an event and what is to be known of it: told in several ways, not counted, or dated oddly
with sent as (
    select line_id, min(happened_at) as shipped_at
    from facts
    where reason is null and leg = 'partner' and kind = 'shipped' and qty > 0
    group by line_id
),

odd as materialized (
    select
        facts.row_id,
        facts.leg::varchar as leg,
        facts.happened_at,
        case
            when facts.happened_at > $now::timestamptz + to_seconds($clock_tolerance_seconds) then 'in_the_future'
            when facts.happened_at < asked.requested_at - to_seconds($clock_tolerance_seconds) then 'before_request'
            else 'before_shipment'
        end as code
    from facts
    inner join asked on facts.line_id = asked.line_id
    left join sent on facts.line_id = sent.line_id
    where
        facts.happened_at > $now::timestamptz + to_seconds($clock_tolerance_seconds)
        or facts.happened_at < asked.requested_at - to_seconds($clock_tolerance_seconds)
        or (
            facts.leg = 'dock'
            and facts.kind like 'received%'
            and facts.happened_at < sent.shipped_at - to_seconds($clock_tolerance_seconds)
        )
    union all by name
    select
        facts.row_id,
        facts.leg::varchar as leg,
        facts.happened_at,
        'after_close' as code
    from facts
    inner join asked on facts.line_id = asked.line_id
    inner join closed on asked.account_id = closed.account_id and asked.request_no = closed.request_no
    where facts.leg = 'dock' and facts.reason is null and facts.happened_at > closed.closed_at
)

select
    'restated' as code,
    once.leg,
    once.account_id,
    once.request_no,
    once.shipment_no,
    once.carton_id,
    once.sku,
    once.qty,
    once.happened_at,
    once.event_key
from once
inner join ranked on once.row_id = ranked.row_id
where ranked.is_restated and ranked.is_first
union all
select
    void.why,
    once.leg,
    once.account_id,
    once.request_no,
    once.shipment_no,
    once.carton_id,
    once.sku,
    once.qty,
    once.happened_at,
    once.event_key
from void
inner join once on void.row_id = once.row_id
union all
select
    odd.code,
    odd.leg,
    tidy.account_id,
    tidy.request_no,
    tidy.shipment_no,
    tidy.carton_id,
    tidy.sku,
    tidy.qty,
    odd.happened_at,
    tidy.event_key
from tidy
inner join odd on tidy.row_id = odd.row_id
order by all
