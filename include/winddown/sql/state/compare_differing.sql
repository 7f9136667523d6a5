-- grain: sku; where the warehouses' report and the marketplace's totals differ, the furthest apart first
with apart as (
    select
        sku,
        report_qty,
        totals_qty,
        report_reserved_qty,
        totals_reserved_qty,
        abs(coalesce(report_qty, 0) - coalesce(totals_qty, 0)) as qty,
        abs(coalesce(report_reserved_qty, 0) - coalesce(totals_reserved_qty, 0)) as reserved_qty
    from stock_difference
    where snapshot_id = :snapshot_id
)

select
    sku,
    report_qty,
    totals_qty,
    report_reserved_qty,
    totals_reserved_qty,
    greatest(qty, reserved_qty) as apart_qty
from apart
order by greatest(qty, reserved_qty) desc, sku
