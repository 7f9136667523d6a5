-- grain: warehouse_id, sku, condition, disposition; the plan lines of one warehouse
select *
from lines
where warehouse_id = $warehouse_id
order by sku, condition, disposition
