-- grain: an event that counts for a line, open ones that were given to a line included; pieces of totals are the
-- newest of each counter
create temp view told as
with every as (
    select line_id, leg, kind, qty, happened_at, is_other_condition
    from facts
    where reason is null and measure = 'delta'
    union all
    select
        shares.line_id,
        open_rows.leg,
        open_rows.kind,
        shares.qty,
        open_rows.happened_at,
        coalesce(asked.condition = 'sellable' and open_rows.condition <> 'sellable', false) as is_other_condition
    from shares
    inner join open_rows on shares.number = open_rows.number
    inner join asked on shares.line_id = asked.line_id
)

select
    line_id,
    leg,
    if(kind = 'received_ok' and is_other_condition, 'received_damaged', kind) as kind,
    qty,
    happened_at
from every
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
