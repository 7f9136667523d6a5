-- grain: sku; each SKU of the own warehouse or of its postings: free pieces, null when no stock is told,
-- and what it sold in the last $short_days and $long_days: pieces, days on sale, standard deviation of a day.
-- A day counts back from $now in 24 hours; those on which the shelf was seen empty and nothing was sold are no
-- days on sale, nor is any before $known_days.
with shelf as (
    select
        sku,
        min(offer_id) as offer_id,
        sum(present_qty - reserved_qty)::bigint as free_qty
    from own_stock
    group by sku
),

sold as (
    select
        sku,
        min(offer_id) as offer_id,
        floor((epoch($now) - epoch(ordered_at)) / 86400)::integer as day_no,
        sum(ordered_qty)::bigint as qty
    from own_postings
    where
        status not in ('cancelled', 'not_accepted')
        and ordered_at <= $now
        and epoch($now) - epoch(ordered_at) < $long_days * 86400
    group by sku, day_no
),

spans as (
    select unnest(['short', 'long']) as span, unnest([$short_days, $long_days]) as days
),

goods as (
    select sku, min(offer_id) as offer_id
    from (select sku, offer_id from shelf union all select sku, offer_id from sold)
    group by sku
),

closed as (
    select empty_days.sku, spans.span, count(distinct empty_days.day_no) as days
    from empty_days
    cross join spans
    left join sold on empty_days.sku = sold.sku and empty_days.day_no = sold.day_no
    where empty_days.day_no < least(spans.days, $known_days) and sold.sku is null
    group by empty_days.sku, spans.span
),

told as (
    select
        goods.sku,
        spans.span,
        greatest(least(spans.days, $known_days) - coalesce(any_value(closed.days), 0), 0)::bigint as days,
        coalesce(sum(sold.qty), 0)::bigint as qty,
        coalesce(sum(sold.qty * sold.qty), 0)::double as squares
    from goods
    cross join spans
    left join sold on goods.sku = sold.sku and sold.day_no < spans.days
    left join closed on goods.sku = closed.sku and spans.span = closed.span
    group by goods.sku, spans.span, spans.days
),

spread as (
    select
        *,
        case when days > 1 then sqrt(greatest(squares - qty * qty / days, 0) / (days - 1)) else 0 end as daily_spread
    from told
)

select
    goods.sku,
    goods.offer_id,
    shelf.free_qty,
    any_value(spread.qty) filter (where spread.span = 'short') as short_qty,
    any_value(spread.days) filter (where spread.span = 'short') as short_days,
    any_value(spread.daily_spread) filter (where spread.span = 'short') as short_spread,
    any_value(spread.qty) filter (where spread.span = 'long') as long_qty,
    any_value(spread.days) filter (where spread.span = 'long') as long_days,
    any_value(spread.daily_spread) filter (where spread.span = 'long') as long_spread
from goods
inner join spread on goods.sku = spread.sku
left join shelf on goods.sku = shelf.sku
group by goods.sku, goods.offer_id, shelf.free_qty
order by goods.sku
