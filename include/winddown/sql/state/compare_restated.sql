-- grain: kind, column_name; how many order lines a snapshot tells otherwise than the one before
select
    kind,
    column_name,
    count(*) as lines_qty,
    min(posting_number) as example,
    min(restates_snapshot_id) as restates_snapshot_id
from restatement
where snapshot_id = :snapshot_id
group by kind, column_name
order by kind, column_name
