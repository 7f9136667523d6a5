-- grain: one row a decision; what it says beside what the plan's lines do with the SKU's sellable pieces
select
    decisions.sku,
    decisions.return_qty,
    coalesce(sum(plan_lines.planned_qty) filter (where plan_lines.disposition = 'return'), 0) as returned_qty,
    decisions.dispose_qty,
    coalesce(sum(plan_lines.planned_qty) filter (where plan_lines.disposition = 'dispose'), 0) as disposed_qty
from decisions
left join plan_lines
    on plan_lines.sku = decisions.sku and plan_lines.condition = 'sellable'
group by all
