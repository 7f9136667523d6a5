-- grain: row_id of an event that counts, ordered by the line it belongs to, so that a chunk of lines reads its own part
-- only; in pieces. Where it belongs to none, `reason` says why. Narrow, because it is the largest table of the match
create temp table facts as
select
    read_events.row_id,
    keyed.line_id,
    read_events.leg::enum ('partner', 'dock') as leg,
    read_events.kind::match_kind as kind,
    read_events.measure = 'total' as is_total,
    read_events.qty * read_events.pieces_each as qty,
    read_events.happened_at,
    case
        when read_events.kind is null then 'unknown_state'
        when read_events.scope not in ('line', 'news') then read_events.scope
        when read_events.scope = 'news' and read_events.read_sku is null and read_events.barcode = '' then 'none'
        when read_events.read_sku is null and read_events.barcode <> '' then 'unmapped'
        when read_events.read_sku is null then 'unidentified'
        when read_events.condition <> '' and read_events.read_condition is null then 'unknown_condition'
        when read_events.pieces_each is null then 'unknown_unit'
        when keyed.line_id is null then 'no_line'
    end::enum (
        'unknown_state', 'request', 'fee', 'customer_return', 'none', 'unmapped', 'unidentified', 'unknown_condition',
        'unknown_unit', 'no_line'
    ) as reason,
    coalesce(keyed.condition = 'sellable' and read_events.read_condition <> 'sellable', false) as is_other_condition
from read_events
left join keyed
    on
        hash(read_events.account_id, read_events.request_no, read_events.read_sku) = keyed.line_key
        and hash(read_events.read_sku, read_events.request_no, read_events.account_id) = keyed.line_check
        and (keyed.is_only or read_events.read_condition = keyed.condition)
        and read_events.scope <> 'request'
order by keyed.line_id
