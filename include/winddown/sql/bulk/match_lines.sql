-- grain: line_id from $first to $last; the three legs side by side, and the times its windows run from
-- Nearly every event is sent or counted as good: these are summed up apart, so that the many other sums are over few
with plain as (
    select
        line_id,
        sum(if(leg = 'partner', qty, 0)) as shipped_qty,
        sum(if(leg = 'dock', qty, 0)) as ok_qty,
        max(happened_at) as last_at,
        max(if(leg = 'dock', happened_at, null)) as received_at,
        min(if(leg = 'partner' and qty > 0, happened_at, null)) as shipped_at
    from told
    where line_id between $first and $last and kind in ('shipped', 'received_ok')
    group by line_id
),

others as (
    select
        line_id,
        sum(qty) filter (where leg = 'partner' and kind = 'correction') as shipped_qty,
        sum(qty) filter (where kind = 'cancelled') as cancelled_qty,
        sum(qty) filter (where kind = 'disposed') as disposed_qty,
        sum(qty) filter (where kind = 'lost') as lost_qty,
        sum(qty) filter (where kind = 'sold') as sold_qty,
        sum(qty) filter (where kind in ('compensated', 'compensated_stock')) as compensated_qty,
        sum(qty) filter (where kind in ('reversed', 'reversed_stock')) as reversed_qty,
        sum(case kind when 'compensated_stock' then qty when 'reversed_stock' then -qty end) as made_good_qty,
        sum(qty) filter (where leg = 'dock' and kind = 'correction') as ok_qty,
        sum(qty) filter (where kind = 'received_damaged') as damaged_qty,
        sum(qty) filter (where kind = 'received_wrong') as wrong_qty,
        sum(qty) filter (where kind = 'concealed_damage') as concealed_qty,
        sum(qty) filter (where kind = 'short_closed') as short_closed_qty,
        max(happened_at) as last_at,
        max(happened_at) filter (where leg = 'dock') as received_at
    from told
    where line_id between $first and $last and kind not in ('shipped', 'received_ok')
    group by line_id
),

completed as (
    select account_id, request_no
    from aside
    where kind = 'completed' and request_no <> ''
    group by account_id, request_no
)

select
    asked.line_id,
    asked.account_id,
    asked.request_no,
    asked.sku,
    asked.condition,
    asked.warehouse_id,
    asked.requested_qty,
    asked.requested_at,
    asked.is_disposal,
    asked.is_final or completed.request_no is not null as is_final,
    asked.unit_cost_minor,
    asked.price_minor,
    asked.resale_minor,
    asked.currency,
    asked.not_accepted_qty as told_not_accepted_qty,
    asked.not_accepted_qty + asked.cancelled_qty + coalesce(others.cancelled_qty, 0)::bigint as told_cancelled_qty,
    asked.disposed_qty + coalesce(others.disposed_qty, 0)::bigint as told_disposed_qty,
    (coalesce(plain.shipped_qty, 0) + coalesce(others.shipped_qty, 0))::bigint as told_shipped_qty,
    coalesce(others.lost_qty, 0)::bigint as told_lost_qty,
    coalesce(others.sold_qty, 0)::bigint as told_sold_qty,
    coalesce(others.compensated_qty, 0)::bigint as told_compensated_qty,
    coalesce(others.reversed_qty, 0)::bigint as told_reversed_qty,
    coalesce(others.made_good_qty, 0)::bigint as told_made_good_qty,
    (coalesce(plain.ok_qty, 0) + coalesce(others.ok_qty, 0))::bigint as told_ok_qty,
    coalesce(others.damaged_qty, 0)::bigint as told_damaged_qty,
    coalesce(others.wrong_qty, 0)::bigint as told_wrong_qty,
    coalesce(others.concealed_qty, 0)::bigint as told_concealed_qty,
    coalesce(others.short_closed_qty, 0)::bigint as told_short_closed_qty,
    greatest(plain.last_at, others.last_at) as last_at,
    greatest(plain.received_at, others.received_at) as received_at,
    plain.shipped_at,
    closed.closed_at,
    closed.closed_at is not null as is_closed
from asked
left join plain using (line_id)
left join others using (line_id)
left join closed using (account_id, request_no)
left join completed using (account_id, request_no)
where asked.line_id between $first and $last
order by asked.line_id
