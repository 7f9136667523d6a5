-- grain: request_id, sku, condition, node of some requests; what the movements of a requested line left there, and the latest of them
select
    request_id,
    sku,
    condition,
    node,
    sum(qty)::bigint as qty,
    max(movement_id) as movement_id
from (
    select request_id, sku, condition, to_node as node, qty, movement_id
    from movement
    where exit_id = :exit_id and request_id = any(:request_ids)
    union all
    select request_id, sku, condition, from_node as node, -qty as qty, movement_id
    from movement
    where exit_id = :exit_id and request_id = any(:request_ids)
) as entry
group by request_id, sku, condition, node
order by request_id, sku, condition, node
