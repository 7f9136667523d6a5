-- grain: a row of the shipped or received files, as often as it came; other spellings of words made one
create temp view tidy as
with both_legs as (
    select 'partner' as leg, 2 * row_id as row_id, * exclude (row_id) from shipped
    union all by name
    select 'dock' as leg, 2 * row_id + 1 as row_id, * exclude (row_id) from received
)

select
    row_id,
    leg,
    coalesce(account_id, '') as account_id,
    coalesce(request_no, '') as request_no,
    coalesce(shipment_no, '') as shipment_no,
    coalesce(carton_id, '') as carton_id,
    coalesce(tracking_no, '') as tracking_no,
    coalesce(sku, '') as sku,
    coalesce(barcode, '') as barcode,
    coalesce(lower(trim(condition)), '') as condition,
    coalesce(lower(trim(kind)), '') as word,
    coalesce(measure, 'delta') as measure,
    qty,
    coalesce(lower(trim(unit)), '') as unit,
    happened_at,
    coalesce(event_id, '') as event_id,
    coalesce(report_no, '') as report_no,
    coalesce(version, 1) as version,
    coalesce(place, '') as place,
    carton_weight_g,
    amount_minor,
    coalesce(currency, '') as currency,
    coalesce(by_whom, '') as by_whom,
    coalesce(note, '') as note,
    case
        when event_id is not null then event_id
        else
            md5(
                concat_ws(
                    chr(31), request_no, shipment_no, carton_id, tracking_no, sku, barcode, condition, kind,
                    measure, qty, unit, epoch_us(happened_at), report_no, place, amount_minor
                )
            )
    end as event_key
from both_legs
