-- grain: one row; return requests of the exit and the pieces on them
select
    count(distinct return_request.request_id) as created,
    coalesce(sum(return_line.requested_qty), 0)::bigint as units_requested,
    coalesce(sum(return_line.accepted_qty), 0)::bigint as units_accepted,
    (
        select coalesce(sum(qty), 0)::bigint
        from event
        where exit_id = :exit_id and kind = 'shipped'
    ) as units_shipped,
    (
        select coalesce(sum(qty), 0)::bigint
        from event
        where exit_id = :exit_id and kind in ('received_ok', 'received_damaged')
    ) as units_received,
    (
        select count(*)
        from discrepancy
        where exit_id = :exit_id
    ) as discrepancies
from return_request
inner join return_line on return_request.request_id = return_line.request_id
where return_request.exit_id = :exit_id
