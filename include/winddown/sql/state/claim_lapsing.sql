-- grain: request_id, sku, condition, kind; what may still be claimed, ends soon, and of whose end nobody was told yet
select
    discrepancy.request_id,
    coalesce(return_request.request_no, discrepancy.request_id) as request_no,
    discrepancy.sku,
    discrepancy.condition,
    discrepancy.kind,
    discrepancy.qty,
    discrepancy.value_minor,
    discrepancy.currency,
    discrepancy.claim_until_on
from discrepancy
left join return_request
    on discrepancy.request_id = return_request.request_id and discrepancy.exit_id = return_request.exit_id
where
    discrepancy.exit_id = :exit_id
    and discrepancy.stake = 'claim'
    and discrepancy.state in ('open', 'refused')
    and discrepancy.claim_until_on between cast(:today as date) and cast(:until as date)
    and discrepancy.lapse_told_on is distinct from discrepancy.claim_until_on
order by discrepancy.claim_until_on, request_no, discrepancy.sku, discrepancy.condition, discrepancy.kind
