-- grain: sku; where the warehouses' report and the marketplace's totals of sellable units differ;
-- what one side does not name stays missing there; stock in the merchant's own warehouses is left out
with report as (
    select
        sku,
        sum(on_hand_qty) as qty,
        sum(reserved_qty) as reserved_qty
    from stock
    where condition = 'sellable'
    group by sku
)

select
    coalesce(report.sku, totals.sku) as sku,
    report.qty::bigint as report_qty,
    totals.present_qty::bigint as totals_qty,
    report.reserved_qty::bigint as report_reserved_qty,
    totals.reserved_qty::bigint as totals_reserved_qty
from report
full join (select * from totals where scheme in ('fbp', 'fbo')) as totals on report.sku = totals.sku
where
    coalesce(report.qty, 0) <> coalesce(totals.present_qty, 0)
    or coalesce(report.reserved_qty, 0) <> coalesce(totals.reserved_qty, 0)
order by sku
