-- grain: an edition of an event that the desk (or the dock) reported about requests of this exit, or of none; those
-- of another exit that works through the same desk belong there
with elsewhere as (
    select other_request.request_no
    from exit as own
    inner join exit as other on own.desk_conn = other.desk_conn and own.exit_id <> other.exit_id
    inner join return_request as other_request on other.exit_id = other_request.exit_id
    where own.exit_id = :exit_id
)

select
    nullif(request_no, '') as request_no,
    nullif(shipment_no, '') as shipment_no,
    nullif(carton_id, '') as carton_id,
    nullif(tracking_no, '') as tracking_no,
    nullif(sku, '') as sku,
    nullif(barcode, '') as barcode,
    nullif(condition, '') as condition,
    kind,
    nullif(measure, '') as measure,
    qty,
    nullif(unit, '') as unit,
    happened_at,
    event_id,
    nullif(report_no, '') as report_no,
    version,
    nullif(place, '') as place,
    carton_weight_g,
    amount_minor,
    nullif(currency, '') as currency,
    nullif(by_whom, '') as by_whom,
    nullif(note, '') as note
from event
where
    exit_id = :exit_id
    and (source = :source or (source = 'claim' and :source = 'desk'))
    -- the same payment, when the desk reports it as well: by the reference that was given for it
    and not (
        source = 'claim'
        and exists (
            select 1
            from event_now as told
            where
                told.exit_id = :exit_id
                and told.source = 'desk'
                and told.kind = event.kind
                and told.request_no = event.request_no
                and told.sku = event.sku
                and event.report_no in (told.event_id, told.report_no)
        )
    )
    and request_no not in (select elsewhere.request_no from elsewhere)
order by event_id, version
