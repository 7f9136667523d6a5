-- grain: exit_id; open exits with a return request whose count is not closed
select distinct return_request.exit_id
from return_request
inner join exit on return_request.exit_id = exit.exit_id
where
    exit.state <> 'closed'
    and exists (
        select 1
        from return_line
        where return_line.request_id = return_request.request_id and return_line.accepted_qty > 0
    )
    and not exists (
        select 1
        from event_now
        where
            event_now.exit_id = return_request.exit_id
            and event_now.request_no = return_request.request_no
            and event_now.kind = 'count_closed'
    )
order by return_request.exit_id
