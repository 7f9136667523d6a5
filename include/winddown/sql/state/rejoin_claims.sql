-- grain: one row; claims and differences of an exit against the old warehouse that are not settled
select coalesce(sum(qty), 0)::bigint as qty
from exit_open(:exit_id)
where kind in ('claims', 'discrepancies')
