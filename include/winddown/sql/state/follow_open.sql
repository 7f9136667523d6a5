-- grain: exit_id; open exits whose returns may still change: a count is not closed, or a claim is not settled and what
-- was lost may still arrive
select distinct return_request.exit_id
from return_request
inner join exit on return_request.exit_id = exit.exit_id
where
    exit.state <> 'closed'
    and (
        exists (
            select 1
            from discrepancy
            where
                discrepancy.exit_id = return_request.exit_id
                and discrepancy.request_id = return_request.request_id
                and discrepancy.stake = 'claim'
                and discrepancy.state in ('open', 'claimed')
        )
        or (
            exists (
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
        )
    )
order by return_request.exit_id
