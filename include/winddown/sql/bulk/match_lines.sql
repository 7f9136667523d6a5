-- grain: line_id from $first to $last; the three legs side by side, and the times its windows run from
with sums as (
    select
        line_id,
        sum(qty) filter (where leg = 'partner' and kind in ('shipped', 'correction')) as shipped_qty,
        sum(qty) filter (where kind = 'cancelled') as cancelled_qty,
        sum(qty) filter (where kind = 'disposed') as disposed_qty,
        sum(qty) filter (where kind = 'lost') as lost_qty,
        sum(qty) filter (where kind = 'sold') as sold_qty,
        sum(qty) filter (where kind in ('compensated', 'compensated_stock')) as compensated_qty,
        sum(qty) filter (where kind in ('reversed', 'reversed_stock')) as reversed_qty,
        sum(case kind when 'compensated_stock' then qty when 'reversed_stock' then -qty end) as made_good_qty,
        sum(qty) filter (where leg = 'dock' and kind in ('received_ok', 'correction')) as ok_qty,
        sum(qty) filter (where kind = 'received_damaged') as damaged_qty,
        sum(qty) filter (where kind = 'received_wrong') as wrong_qty,
        sum(qty) filter (where kind = 'concealed_damage') as concealed_qty,
        sum(qty) filter (where kind = 'short_closed') as short_closed_qty,
        max(happened_at) as last_at,
        max(happened_at) filter (where leg = 'dock') as received_at,
        min(happened_at) filter (where leg = 'partner' and kind = 'shipped' and qty > 0) as shipped_at
    from told
    where line_id between $first and $last
    group by line_id
),

completed as (
    select account_id, request_no
    from facts
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
    asked.not_accepted_qty + asked.cancelled_qty + coalesce(sums.cancelled_qty, 0)::bigint as told_cancelled_qty,
    asked.disposed_qty + coalesce(sums.disposed_qty, 0)::bigint as told_disposed_qty,
    coalesce(sums.shipped_qty, 0)::bigint as told_shipped_qty,
    coalesce(sums.lost_qty, 0)::bigint as told_lost_qty,
    coalesce(sums.sold_qty, 0)::bigint as told_sold_qty,
    coalesce(sums.compensated_qty, 0)::bigint as told_compensated_qty,
    coalesce(sums.reversed_qty, 0)::bigint as told_reversed_qty,
    coalesce(sums.made_good_qty, 0)::bigint as told_made_good_qty,
    coalesce(sums.ok_qty, 0)::bigint as told_ok_qty,
    coalesce(sums.damaged_qty, 0)::bigint as told_damaged_qty,
    coalesce(sums.wrong_qty, 0)::bigint as told_wrong_qty,
    coalesce(sums.concealed_qty, 0)::bigint as told_concealed_qty,
    coalesce(sums.short_closed_qty, 0)::bigint as told_short_closed_qty,
    sums.last_at,
    sums.received_at,
    sums.shipped_at,
    closed.closed_at,
    closed.closed_at is not null as is_closed
from asked
left join sums using (line_id)
left join closed using (account_id, request_no)
left join completed using (account_id, request_no)
where asked.line_id between $first and $last
order by asked.line_id
