-- grain: supply_id; inbound supplies that may still bring goods
select
    supply_id,
    status,
    warehouse_id,
    units_qty,
    can_be_cancelled,
    listed_in
from supplies
where not list_contains($closed, status)
order by supply_id
