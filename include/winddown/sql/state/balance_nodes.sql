-- grain: sku, node; pieces that came in less pieces that went out
select
    sku,
    node,
    sum(qty)::bigint as qty
from (
    select sku, to_node as node, qty
    from movement
    where exit_id = :exit_id
    union all
    select sku, from_node as node, -qty as qty
    from movement
    where exit_id = :exit_id
) as entry
group by sku, node
order by sku, node
