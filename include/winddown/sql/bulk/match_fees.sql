-- grain: a fault in the fees: the same fee twice, a fee for more pieces than moved, a fee in another currency
with sums as (
    select
        told.line_id,
        sum(told.qty) filter (where told.leg = 'partner' and told.kind in ('shipped', 'correction')) as shipped_qty,
        sum(told.qty) filter (where told.kind = 'disposed') as disposed_qty
    from told
    semi join (select line_id from aside where reason = 'fee') as charged on told.line_id = charged.line_id
    group by told.line_id
),

fees as (
    select
        account_id,
        request_no,
        shipment_no,
        sku,
        qty,
        amount_minor,
        currency,
        event_key,
        happened_at,
        line_id
    from aside
    where reason = 'fee' and amount_minor is not null
),

twice as (
    select
        *,
        row_number() over (
            partition by account_id, request_no, shipment_no, sku, qty, amount_minor, currency
            order by happened_at, event_key
        ) as number
    from fees
),

moved as (
    select
        fees.account_id,
        fees.request_no,
        fees.sku,
        fees.currency,
        sum(fees.qty) as qty,
        sum(fees.amount_minor) as amount_minor,
        max(fees.happened_at) as happened_at,
        any_value(sums.shipped_qty) as shipped_qty,
        any_value(sums.disposed_qty) as disposed_qty
    from (select * from twice where number = 1) as fees
    inner join asked on fees.line_id = asked.line_id
    left join sums on fees.line_id = sums.line_id
    group by fees.account_id, fees.request_no, fees.sku, fees.currency
)

select
    'fee_twice' as class,
    account_id,
    request_no,
    coalesce(sku, '') as sku,
    qty::bigint as qty,
    amount_minor::bigint as value_minor,
    currency,
    happened_at as clock_at
from twice
where number > 1
union all
select
    'fee_beyond_moved',
    account_id,
    request_no,
    sku,
    (qty - coalesce(shipped_qty, 0) - coalesce(disposed_qty, 0))::bigint,
    (amount_minor * (qty - coalesce(shipped_qty, 0) - coalesce(disposed_qty, 0)) // qty)::bigint,
    currency,
    happened_at
from moved
where qty > coalesce(shipped_qty, 0) + coalesce(disposed_qty, 0)
union all
select
    'fee_currency',
    fees.account_id,
    fees.request_no,
    fees.sku,
    fees.qty::bigint,
    fees.amount_minor::bigint,
    fees.currency,
    fees.happened_at
from fees
inner join asked on fees.line_id = asked.line_id
where fees.currency <> asked.currency and asked.currency <> ''
order by all
