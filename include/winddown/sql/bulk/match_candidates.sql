-- grain: number of an open row, way and line: the lines that may be meant, by carton, shipment, tracking number or
-- request; `waiting_qty` is what the line still lacks
with lines as (
    select
        asked.line_id,
        asked.account_id,
        asked.request_no,
        asked.sku,
        asked.requested_at,
        asked.requested_qty,
        coalesce(sum(facts.qty) filter (where facts.leg = 'partner' and facts.kind = 'shipped'), 0) as shipped_qty,
        coalesce(sum(facts.qty) filter (where facts.leg = 'dock' and facts.kind like 'received%'), 0) as received_qty
    from asked
    semi join open_rows on asked.account_id = open_rows.account_id and asked.sku = open_rows.sku
    left join facts on asked.line_id = facts.line_id and facts.reason is null
    group by all
),

sent as (
    select distinct facts.line_id, tidy.carton_id, tidy.shipment_no, bare(tidy.tracking_no) as tracking_no
    from facts
    inner join tidy on facts.row_id = tidy.row_id
    semi join lines on facts.line_id = lines.line_id
    where facts.leg = 'partner' and facts.kind = 'shipped' and facts.reason is null
),

open_counts as (
    select number, leg, account_id, request_no, carton_id, shipment_no, tracking_no, sku
    from open_rows
    where reason = 'no_line'
),

ways as (
    select open_counts.number, 'carton' as how, sent.line_id
    from open_counts
    inner join sent on open_counts.carton_id = sent.carton_id
    where open_counts.carton_id <> '' and open_counts.request_no = ''
    union
    select open_counts.number, 'shipment' as how, sent.line_id
    from open_counts
    inner join sent on open_counts.shipment_no = sent.shipment_no
    where open_counts.shipment_no <> '' and open_counts.request_no = ''
    union
    select open_counts.number, 'tracking' as how, sent.line_id
    from open_counts
    inner join sent on open_counts.tracking_no = sent.tracking_no
    where open_counts.tracking_no <> '' and open_counts.request_no = ''
    union
    select open_counts.number, 'request' as how, lines.line_id
    from open_counts
    inner join lines on open_counts.account_id = lines.account_id and open_counts.request_no = lines.request_no
    where open_counts.request_no <> ''
)

select
    ways.number,
    ways.how,
    ways.line_id,
    case
        when ways.how = 'request' and open_counts.leg = 'partner' then lines.requested_qty - lines.shipped_qty
        when ways.how = 'request' then lines.requested_qty - lines.received_qty
        else lines.shipped_qty - lines.received_qty
    end::bigint as waiting_qty,
    epoch_us(lines.requested_at) as requested_us,
    lines.request_no
from ways
inner join open_counts on ways.number = open_counts.number
inner join lines
    on
        ways.line_id = lines.line_id
        and open_counts.account_id = lines.account_id
        and open_counts.sku = lines.sku
order by ways.number, ways.how, ways.line_id
