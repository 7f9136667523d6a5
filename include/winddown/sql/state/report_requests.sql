-- grain: one row; return requests of the exit, the pieces on them, and what was reported about them.
-- Events about the request of another exit that works through the same desk belong there.
with elsewhere as (
    select other_request.request_no
    from exit as own
    inner join exit as other on own.desk_conn = other.desk_conn and own.exit_id <> other.exit_id
    inner join return_request as other_request on other.exit_id = other_request.exit_id
    where own.exit_id = :exit_id
),

reported as (
    select
        coalesce(sum(qty) filter (where kind = 'shipped'), 0)::bigint as shipped_qty,
        coalesce(sum(qty) filter (where kind in ('received_ok', 'received_damaged')), 0)::bigint as received_qty
    from event_now
    where exit_id = :exit_id and request_no not in (select elsewhere.request_no from elsewhere)
)

select
    count(distinct return_request.request_id) as created,
    coalesce(sum(return_line.requested_qty), 0)::bigint as units_requested,
    coalesce(sum(return_line.accepted_qty), 0)::bigint as units_accepted,
    (select reported.shipped_qty from reported) as units_shipped,
    (select reported.received_qty from reported) as units_received,
    (
        select count(*)
        from discrepancy
        where exit_id = :exit_id
    ) as discrepancies
from return_request
inner join return_line on return_request.request_id = return_line.request_id
where return_request.exit_id = :exit_id
