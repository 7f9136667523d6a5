-- the books of units: movements know their requested line, and every place a piece of it can be in

drop trigger movement_append_only on movement;
alter table movement add column request_id text;
alter table movement add column condition text;
update movement
set request_id = source_doc, condition = split_part(source_line, '|', 2)
where source_system in ('desk', 'dock') and source_doc in (select request_id from return_request);
alter table movement add constraint movement_request_id_fk foreign key (request_id) references return_request (request_id);
alter table movement add constraint movement_line_whole_ck check ((request_id is null) = (condition is null));
create index movement_of_line_ix on movement (request_id, sku, condition);
alter table movement drop constraint movement_from_node_ck;
alter table movement drop constraint movement_to_node_ck;
alter table movement add constraint movement_from_node_ck check (from_node in ('SUPPLY', 'STOCK', 'IN_REMOVAL', 'IN_TRANSIT', 'RECEIVED', 'DAMAGED', 'WRONG', 'SOLD', 'DISPOSED', 'LOST', 'COMPENSATED', 'ADJUST'));
alter table movement add constraint movement_to_node_ck check (to_node in ('SUPPLY', 'STOCK', 'IN_REMOVAL', 'IN_TRANSIT', 'RECEIVED', 'DAMAGED', 'WRONG', 'SOLD', 'DISPOSED', 'LOST', 'COMPENSATED', 'ADJUST'));
create trigger movement_append_only before update or delete or truncate on movement
for each statement execute function refuse_change();

alter table event drop constraint event_kind_ck;
alter table event add constraint event_kind_ck check (kind in ('shipped', 'cancelled', 'disposed', 'lost', 'sold', 'compensated', 'compensated_stock', 'reversed', 'reversed_stock', 'customer_return', 'fee', 'correction', 'completed', 'status', 'received_ok', 'received_damaged', 'received_wrong', 'concealed_damage', 'count_closed', 'short_closed'));

-- grain: request_id, sku, condition; where the books have each requested piece. The places add up to requested_qty
create view booked_line as
with entry as (
    select request_id, sku, condition, to_node as node, qty from movement where request_id is not null
    union all
    select request_id, sku, condition, from_node as node, -qty as qty from movement where request_id is not null
)
select
    return_request.exit_id,
    return_line.request_id,
    return_request.request_no,
    return_line.sku,
    return_line.condition,
    return_line.requested_qty::bigint as requested_qty,
    coalesce(sum(entry.qty) filter (where node = 'RECEIVED'), 0)::bigint as received_ok_qty,
    coalesce(sum(entry.qty) filter (where node = 'DAMAGED'), 0)::bigint as received_damaged_qty,
    coalesce(sum(entry.qty) filter (where node = 'WRONG'), 0)::bigint as received_wrong_qty,
    coalesce(sum(entry.qty) filter (where node = 'LOST'), 0)::bigint as lost_qty,
    -- what the partner holds of the line counts down from what was asked back; goods that made good are apart
    return_line.requested_qty + coalesce(sum(entry.qty) filter (where node in ('STOCK', 'SUPPLY', 'ADJUST')), 0)::bigint
        as cancelled_qty,
    coalesce(sum(entry.qty) filter (where node = 'DISPOSED'), 0)::bigint as disposed_qty,
    coalesce(sum(entry.qty) filter (where node = 'COMPENSATED'), 0)::bigint as compensated_qty,
    coalesce(sum(entry.qty) filter (where node = 'IN_TRANSIT'), 0)::bigint as in_transit_qty,
    coalesce(sum(entry.qty) filter (where node = 'IN_REMOVAL'), 0)::bigint as unresolved_qty,
    coalesce(sum(entry.qty) filter (where node = 'ADJUST'), 0)::bigint as short_closed_qty,
    -coalesce(sum(entry.qty) filter (where node = 'SUPPLY'), 0)::bigint as made_good_qty
from return_line
inner join return_request on return_line.request_id = return_request.request_id
left join entry
    on
        return_line.request_id = entry.request_id
        and return_line.sku = entry.sku
        and return_line.condition = entry.condition
group by
    return_request.exit_id, return_line.request_id, return_request.request_no, return_line.sku, return_line.condition,
    return_line.requested_qty;
