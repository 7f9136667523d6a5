-- grain: sku, share_pct; for each SKU with sellable stock what it sold by price: first a row of share_pct
-- 100 for the weeks that tell of the rate at its full price (there always), then rows of weeks at lower
-- prices, in steps of 5 per cent of it. The full price is the one before our first markdown, else today's. sold_weeks counts weeks with a sale, back from until;
-- sold_squares sums the squares of what each of them sold, for how much weeks swing;
-- more_weeks is what those of share_pct 100 count beyond 1 each, as lifts_milli[n] says for
-- mild_pct + n - 1 per cent of the full price. lowest_minor: of today's price and the last was_days' sales;
-- other_price_days: since the last sale at another price than today's, null when there was none
with listed as (
    select * from catalogue
    union all by name
    select null::varchar as category where false -- older snapshots lack the column
),

goods as materialized (
    select
        (row_number() over (order by sku))::integer as item_no,
        sku,
        category,
        price_minor as today_minor,
        coalesce(full_prices.full_minor, price_minor) as full_minor
    from listed
    left join full_prices using (sku)
    where sku in (select stock.sku from stock where stock.condition = 'sellable' and stock.on_hand_qty > 0)
),

lines as (
    select
        goods.item_no,
        goods.today_minor,
        goods.full_minor,
        orders.ordered_qty as sold_qty,
        orders.price_minor,
        epoch($until) - epoch(orders.ordered_at) as age_s
    from orders
    inner join goods using (sku)
    where
        orders.status <> 'cancelled'
        and orders.ordered_at <= $until
        and orders.ordered_at > $until - to_days(greatest($weeks * 7, $was_days))
        and orders.price_minor * 10 >= goods.full_minor -- a present says nothing of demand
),

sales as (
    select
        item_no,
        floor(age_s / 604800)::smallint as week_no,
        sum(sold_qty::double) as sold_qty, -- whole numbers, so the sums are the same in any order
        sum((sold_qty * price_minor)::double) as paid_minor,
        min(price_minor) filter (where age_s < $was_days * 86400) as lowest_minor,
        min(age_s) filter (where abs(price_minor - today_minor) * 100 > today_minor) as other_price_s
    from lines
    group by item_no, week_no
),

priced as (
    select
        sales.item_no,
        sales.week_no < $weeks as counts,
        sales.sold_qty,
        100 * sales.paid_minor / (sales.sold_qty * goods.full_minor) as price_pct,
        sales.lowest_minor,
        sales.other_price_s
    from sales
    inner join goods using (item_no)
),

parts as (
    select
        item_no,
        case when counts and price_pct < $mild_pct then (round(price_pct / 5) * 5)::smallint else 100 end
            as share_pct,
        sum(sold_qty) filter (where counts) as sold_qty,
        sum(sold_qty * sold_qty) filter (where counts) as sold_squares,
        count(*) filter (where counts) as sold_weeks,
        sum(list_extract($lifts_milli, least(round(price_pct) - $mild_pct + 1, len($lifts_milli))::bigint) - 1000)
            filter (where counts and price_pct >= $mild_pct) as more_milli,
        min(lowest_minor) as lowest_minor,
        min(other_price_s) as other_price_s
    from priced
    group by item_no, share_pct
),

shares as (
    select
        item_no,
        100::smallint as share_pct
    from goods
    union all
    select
        item_no,
        share_pct
    from parts
    where share_pct < 100
)

select
    goods.sku,
    goods.category,
    shares.share_pct,
    coalesce(parts.sold_qty, 0)::bigint as sold_qty,
    coalesce(parts.sold_squares, 0)::double as sold_squares,
    coalesce(parts.sold_weeks, 0)::bigint as sold_weeks,
    coalesce(parts.more_milli, 0) / 1000::double as more_weeks,
    least(goods.today_minor, parts.lowest_minor)::bigint as lowest_minor,
    floor(parts.other_price_s / 86400)::bigint as other_price_days
from shares
inner join goods using (item_no)
left join parts using (item_no, share_pct)
order by shares.item_no, shares.share_pct desc
