-- grain: warehouse_id; what partners charged for returns, as their reports say it; fees without an amount are left out
select
    return_request.warehouse_id,
    sum((event_now.raw ->> 'amount_minor')::bigint)::bigint as booked_minor
from event_now
inner join return_request
    on event_now.exit_id = return_request.exit_id and event_now.request_no = return_request.request_no
where
    event_now.exit_id = :exit_id
    and event_now.kind = 'fee'
    and event_now.raw ->> 'amount_minor' ~ '^-?[0-9]+$'
group by return_request.warehouse_id
order by return_request.warehouse_id
