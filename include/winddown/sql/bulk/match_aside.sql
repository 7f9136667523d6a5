-- grain: an event that does not simply count for a line, with its words: those of the whole request, fees, and those
-- whose line is not known
create temp table aside as
select
    facts.row_id,
    facts.line_id,
    facts.leg::varchar as leg,
    facts.kind::varchar as kind,
    facts.qty,
    facts.happened_at,
    facts.reason::varchar as reason,
    read_events.account_id,
    read_events.request_no,
    read_events.shipment_no,
    read_events.carton_id,
    bare(read_events.tracking_no) as tracking_no,
    read_events.sku as raw_sku,
    read_events.barcode,
    read_events.read_sku as sku,
    read_events.read_condition as condition,
    read_events.word,
    read_events.qty as written_qty,
    read_events.amount_minor,
    read_events.currency,
    read_events.note,
    read_events.event_key
from read_events
inner join facts on read_events.row_id = facts.row_id
where facts.reason is not null and facts.reason <> 'none'
