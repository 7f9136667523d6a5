-- grain: account_id, request_no, sku, condition, shipment_no, carton_id of lines that have a discrepancy; sent and
-- counted parcel by parcel, of a counter its newest total
with moved as (
    select plain.line_id, plain.leg, plain.kind, plain.qty, tidy.shipment_no, tidy.carton_id, tidy.tracking_no
    from tidy
    inner join (
        select *
        from facts
        where line_id in (select differing.line_id from differing) and reason is null and not is_total
    ) as plain
        on tidy.row_id = plain.row_id
    where tidy.shipment_no || tidy.carton_id <> ''
    union all by name
    select line_id, leg, kind, qty, shipment_no, carton_id, tracking_no
    from counters
    where line_id in (select differing.line_id from differing) and shipment_no || carton_id <> ''
)

select
    asked.account_id,
    asked.request_no,
    asked.sku,
    asked.condition,
    moved.shipment_no,
    moved.carton_id,
    max(bare(moved.tracking_no)) as tracking_no,
    coalesce(sum(moved.qty) filter (where moved.leg = 'partner' and moved.kind in ('shipped', 'correction')), 0)::bigint
        as shipped_qty,
    coalesce(sum(moved.qty) filter (where moved.kind in ('received_ok', 'received_damaged', 'received_wrong')), 0)::bigint
        as received_qty
from moved
inner join asked on moved.line_id = asked.line_id
group by all
order by all
