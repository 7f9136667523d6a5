-- grain: kind, state; the discrepancies of an exit, their pieces and their value as far as it is known
select
    kind,
    state,
    count(*) as lines,
    sum(qty)::bigint as qty,
    sum(value_minor)::bigint as value_minor
from discrepancy
where exit_id = :exit_id
group by kind, state
order by kind, state
