-- grain: request_id, sku, condition; pieces already booked as received
select
    source_doc as request_id,
    sku,
    split_part(source_line, '|', 2) as condition,
    sum(qty)::bigint as booked_qty
from movement
where exit_id = :exit_id and from_node = 'IN_REMOVAL' and to_node = 'RECEIVED'
group by source_doc, sku, split_part(source_line, '|', 2)
order by source_doc, sku, condition
