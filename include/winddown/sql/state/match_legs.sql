-- grain: exit's request_no, sku, condition; what was requested, shipped and received. A line of no
-- event has zeros; an event of no line has no request_id. Events about the request of another exit
-- that works through the same desk belong there.
with requested as (
    select
        return_request.request_id,
        return_request.request_no,
        return_request.warehouse_id,
        return_line.sku,
        return_line.condition,
        return_line.requested_qty,
        return_line.accepted_qty
    from return_request
    inner join return_line on return_request.request_id = return_line.request_id
    where return_request.exit_id = :exit_id
),

elsewhere as (
    select other_request.request_no
    from exit as own
    inner join exit as other on own.desk_conn = other.desk_conn and own.exit_id <> other.exit_id
    inner join return_request as other_request on other.exit_id = other_request.exit_id
    where own.exit_id = :exit_id
),

reported as (
    select
        request_no,
        sku,
        condition,
        coalesce(sum(qty) filter (where kind = 'shipped'), 0) as shipped_qty,
        coalesce(sum(qty) filter (where kind = 'received_ok'), 0) as received_ok_qty,
        coalesce(sum(qty) filter (where kind = 'received_damaged'), 0) as received_damaged_qty
    from event_now
    where
        exit_id = :exit_id
        and kind <> 'count_closed'
        and request_no not in (select elsewhere.request_no from elsewhere)
    group by request_no, sku, condition
),

closed as (
    select distinct request_no
    from event_now
    where exit_id = :exit_id and kind = 'count_closed'
)

select
    requested.request_id,
    request_no,
    requested.warehouse_id,
    sku,
    condition,
    coalesce(requested.requested_qty, 0)::bigint as requested_qty,
    coalesce(requested.accepted_qty, 0)::bigint as accepted_qty,
    coalesce(reported.shipped_qty, 0)::bigint as shipped_qty,
    coalesce(reported.received_ok_qty, 0)::bigint as received_ok_qty,
    coalesce(reported.received_damaged_qty, 0)::bigint as received_damaged_qty,
    request_no in (select closed.request_no from closed) as is_closed
from requested
full outer join reported using (request_no, sku, condition)
order by request_no, sku, condition
