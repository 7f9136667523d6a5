-- grain: warehouse_id; how many of the partner's events there were told in several ways
select
    homes.warehouse_id,
    count(*)::bigint as restated_events
from ranked
inner join tidy on ranked.row_id = tidy.row_id
inner join (select distinct account_id, request_no, warehouse_id from asked_lines) as homes
    on tidy.account_id = homes.account_id and tidy.request_no = homes.request_no
where ranked.is_first and ranked.is_restated and ranked.leg = 'partner'
group by homes.warehouse_id
order by homes.warehouse_id
