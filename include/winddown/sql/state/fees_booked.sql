-- grain: warehouse_id; what partners charged for returns, by the newest edition of what they told; fees
-- without an amount are left out, and so are those in another currency, which the match lists as faults
select
    return_request.warehouse_id,
    sum(event_now.amount_minor)::bigint as booked_minor
from event_now
inner join return_request
    on event_now.exit_id = return_request.exit_id and event_now.request_no = return_request.request_no
inner join exit on event_now.exit_id = exit.exit_id
where
    event_now.exit_id = :exit_id
    and event_now.kind = 'fee'
    and event_now.amount_minor is not null
    and event_now.currency = exit.currency
group by return_request.warehouse_id
order by return_request.warehouse_id
