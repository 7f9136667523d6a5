-- grain: an open event that was given to a line, or the newest total of a counter; few beside the plain events
create temp table given as
select
    shares.line_id,
    open_rows.leg::enum ('partner', 'dock') as leg,
    if(
        open_rows.kind = 'received_ok' and asked.condition = 'sellable' and open_rows.condition <> 'sellable',
        'received_damaged',
        open_rows.kind
    )::match_kind as kind,
    shares.qty,
    open_rows.happened_at
from shares
inner join open_rows on shares.number = open_rows.number
inner join asked on shares.line_id = asked.line_id
union all
select
    line_id,
    leg,
    if(kind = 'received_ok' and is_other_condition, 'received_damaged'::match_kind, kind) as kind,
    qty,
    happened_at
from counters
