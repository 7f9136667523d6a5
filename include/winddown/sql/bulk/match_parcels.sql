-- grain: account_id, request_no, sku, condition, shipment_no, carton_id of lines that have a discrepancy; sent and
-- counted parcel by parcel, of a counter its newest total
with plain as materialized (
    select row_id, line_id, leg, kind, qty
    from facts
    where line_id in (select differing.line_id from differing) and reason is null and not is_total
),

moved as (
    select plain.line_id, plain.leg, plain.kind, plain.qty, tidy.shipment_no, tidy.carton_id, tidy.tracking_no
    from tidy
    inner join plain on tidy.row_id = plain.row_id
    where tidy.shipment_no || tidy.carton_id <> ''
    union all by name
    select line_id, leg, kind, qty, shipment_no, carton_id, tracking_no
    from counters
    where line_id in (select differing.line_id from differing) and shipment_no || carton_id <> ''
),

parcels as (
    select
        line_id,
        shipment_no,
        carton_id,
        max(bare(tracking_no)) as tracking_no,
        sum(qty) filter (where leg = 'partner' and kind in ('shipped', 'correction')) as shipped_qty,
        sum(qty) filter (where kind in ('received_ok', 'received_damaged', 'received_wrong')) as received_qty
    from moved
    group by line_id, shipment_no, carton_id
)

select
    asked.account_id,
    asked.request_no,
    asked.sku,
    asked.condition,
    parcels.shipment_no,
    parcels.carton_id,
    parcels.tracking_no,
    coalesce(parcels.shipped_qty, 0)::bigint as shipped_qty,
    coalesce(parcels.received_qty, 0)::bigint as received_qty
from asked
inner join parcels on asked.line_id = parcels.line_id
order by parcels.line_id, parcels.shipment_no, parcels.carton_id
