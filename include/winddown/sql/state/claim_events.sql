-- grain: an edition of an event about one of the named requests, as it came
select
    source,
    event_id,
    version,
    request_no,
    kind,
    sku,
    condition,
    qty,
    happened_at,
    shipment_no,
    carton_id,
    tracking_no,
    report_no,
    raw
from event
where exit_id = :exit_id and request_no = any(:request_nos)
order by source, event_id, version
