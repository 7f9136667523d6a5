-- grain: sku; pieces that the books call lost or made good on a return, apart from those a snapshot calls lost
select
    sku,
    sum(case 'LOST' when to_node then qty when from_node then -qty else 0 end)::bigint as lost_qty,
    sum(case 'COMPENSATED' when to_node then qty when from_node then -qty else 0 end)::bigint as compensated_qty
from movement
where exit_id = :exit_id and request_id is not null
group by sku
order by sku
