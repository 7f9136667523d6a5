-- grain: request_id, sku, condition, kind; the lines of a claim that was handed over or, without a claim, what is open
-- of an exit and on no such claim. qty is what was claimed; paid_as is how the line was paid last
with claimed as (
    select claim_line.*
    from claim_line
    inner join claim on claim_line.claim_id = claim.claim_id
    where claim.exit_id = :exit_id and claim.handed_over_at is not null
),

paid as (
    select distinct on (line.request_id, line.sku, line.condition, line.kind)
        line.request_id,
        line.sku,
        line.condition,
        line.kind,
        claim_settlement.outcome
    from claim_settlement_line as line
    inner join claim_settlement on line.settlement_no = claim_settlement.settlement_no
    where line.exit_id = :exit_id and line.to_state = 'paid'
    order by line.request_id, line.sku, line.condition, line.kind, line.settlement_no desc
)

select
    discrepancy.request_id,
    coalesce(return_request.request_no, discrepancy.request_id) as request_no,
    discrepancy.sku,
    discrepancy.condition,
    discrepancy.kind,
    coalesce(claimed.qty, discrepancy.qty) as qty,
    case when claimed.qty is null then discrepancy.value_minor else claimed.value_minor end as value_minor,
    discrepancy.currency,
    discrepancy.state,
    case when discrepancy.state = 'paid' then coalesce(paid.outcome, '') else '' end as paid_as
from discrepancy
left join claimed
    on
        claimed.claim_id = :claim_id
        and discrepancy.request_id = claimed.request_id
        and discrepancy.sku = claimed.sku
        and discrepancy.condition = claimed.condition
        and discrepancy.kind = claimed.kind
left join paid
    on
        discrepancy.request_id = paid.request_id
        and discrepancy.sku = paid.sku
        and discrepancy.condition = paid.condition
        and discrepancy.kind = paid.kind
left join return_request
    on discrepancy.request_id = return_request.request_id and discrepancy.exit_id = return_request.exit_id
where
    discrepancy.exit_id = :exit_id
    and case
        when :claim_id <> '' then claimed.claim_id is not null
        else discrepancy.stake <> 'note' and discrepancy.state in ('open', 'withdrawn')
    end
order by request_no, discrepancy.sku, discrepancy.condition, discrepancy.kind
