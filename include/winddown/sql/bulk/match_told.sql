-- grain: an event that counts for a line, open ones that were given to a line included; pieces of totals are the
-- newest of each counter
create temp view told as
select
    line_id,
    leg,
    if(kind = 'received_ok' and is_other_condition, 'received_damaged'::match_kind, kind) as kind,
    qty,
    happened_at
from facts
where reason is null and not is_total
union all
select
    line_id,
    leg,
    kind,
    qty,
    happened_at
from given
