-- grain: sku; pieces of own stock that the exit has told or is about to tell
select
    item ->> 'sku' as sku,
    sum((item ->> 'qty')::bigint)::bigint as told_qty
from effect
cross join lateral jsonb_array_elements(request -> 'items') as item
where
    exit_id = :exit_id
    and kind = 'own_stock'
    and state not in ('rejected', 'cancelled')
    and not coalesce(reply -> 'errors', '{}'::jsonb) ? (item ->> 'sku')
group by item ->> 'sku'
order by sku
