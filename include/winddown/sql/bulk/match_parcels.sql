-- grain: account_id, request_no, sku, condition, shipment_no, carton_id of lines that have a discrepancy; sent and
-- counted parcel by parcel
select
    asked.account_id,
    asked.request_no,
    asked.sku,
    asked.condition,
    tidy.shipment_no,
    tidy.carton_id,
    max(tidy.tracking_no) as tracking_no,
    coalesce(sum(facts.qty) filter (where facts.leg = 'partner' and facts.kind in ('shipped', 'correction')), 0)::bigint
        as shipped_qty,
    coalesce(sum(facts.qty) filter (where facts.kind in ('received_ok', 'received_damaged', 'received_wrong')), 0)::bigint
        as received_qty
from facts
inner join differing on facts.line_id = differing.line_id
inner join tidy on facts.row_id = tidy.row_id
inner join asked on facts.line_id = asked.line_id
where facts.reason is null and facts.measure = 'delta' and tidy.shipment_no || tidy.carton_id <> ''
group by all
order by all
