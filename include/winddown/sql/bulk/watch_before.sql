-- grain: one row; what the marketplace asked for delivering the orders of the exit's last snapshot: orders and grams
-- whose every line has a fee and a weight, and the money: last mile and the middle of the haulage
with lines as (
    select
        orders.posting_number,
        orders.ordered_qty * catalogue.weight_g as weight_g,
        orders.ordered_qty
        * (fees.delivery_minor + (coalesce(fees.haul_min_minor, 0) + coalesce(fees.haul_max_minor, 0)) / 2) as paid_minor
    from orders
    left join fees on orders.sku = fees.sku
    left join catalogue on orders.sku = catalogue.sku
    where orders.status not in ('cancelled', 'not_accepted')
),

postings as (
    select posting_number, sum(weight_g) as weight_g, sum(paid_minor) as paid_minor
    from lines
    group by posting_number
    having count(*) = count(paid_minor) and count(*) = count(weight_g)
)

select
    count(*) as orders_qty,
    coalesce(sum(weight_g), 0)::bigint as weight_g,
    coalesce(sum(paid_minor), 0)::bigint as paid_minor
from postings
