-- grain: an open event that was given to a line, or the newest total of a counter; few beside the plain events
create temp table given as
select
    shares.line_id,
    open_rows.leg,
    if(
        open_rows.kind = 'received_ok' and asked.condition = 'sellable' and open_rows.condition <> 'sellable',
        'received_damaged',
        open_rows.kind
    ) as kind,
    shares.qty,
    open_rows.happened_at
from shares
inner join open_rows on shares.number = open_rows.number
inner join asked on shares.line_id = asked.line_id
union all
select
    facts.line_id,
    facts.leg,
    if(facts.kind = 'received_ok' and bool_or(facts.is_other_condition), 'received_damaged', facts.kind) as kind,
    arg_max(facts.qty, (facts.happened_at, facts.version, facts.qty)) as qty,
    max(facts.happened_at) as happened_at
from facts
inner join tidy on facts.row_id = tidy.row_id
where facts.reason is null and facts.measure = 'total'
group by
    facts.line_id, facts.leg, facts.kind, tidy.shipment_no, tidy.carton_id, tidy.tracking_no, tidy.sku
