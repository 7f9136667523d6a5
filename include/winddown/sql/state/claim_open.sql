-- grain: request_id, sku, condition, kind; what may be claimed today, with the partner's warehouse
select
    discrepancy.request_id,
    return_request.request_no,
    return_request.warehouse_id,
    discrepancy.sku,
    discrepancy.condition,
    discrepancy.kind,
    discrepancy.qty,
    discrepancy.value_minor,
    discrepancy.currency,
    discrepancy.basis,
    discrepancy.claim_until_on
from discrepancy
inner join return_request
    on discrepancy.request_id = return_request.request_id and discrepancy.exit_id = return_request.exit_id
where
    discrepancy.exit_id = :exit_id
    and discrepancy.state = 'open'
    and discrepancy.stake = 'claim'
    and (discrepancy.claim_until_on is null or discrepancy.claim_until_on >= cast(:today as date))
order by return_request.warehouse_id, return_request.request_no, discrepancy.sku, discrepancy.condition, discrepancy.kind
