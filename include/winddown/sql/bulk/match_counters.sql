-- grain: a counter (line_id, leg, kind, shipment_no, carton_id, tracking_no, SKU as told) that is told as so many so far; its newest
-- total. Few beside the plain events
create temp table counters as
select
    facts.line_id,
    facts.leg,
    facts.kind,
    tidy.account_id,
    tidy.shipment_no,
    tidy.carton_id,
    bare(tidy.tracking_no) as tracking_no,
    min(tidy.request_no) as request_no,
    bool_or(facts.is_other_condition) as is_other_condition,
    arg_max(facts.qty, (facts.happened_at, tidy.version, facts.qty)) as qty,
    max(facts.happened_at) as happened_at
from facts
inner join tidy on facts.row_id = tidy.row_id
where facts.reason is null and facts.is_total
group by
    facts.line_id, facts.leg, facts.kind, tidy.account_id, tidy.shipment_no, tidy.carton_id, bare(tidy.tracking_no),
    tidy.sku
