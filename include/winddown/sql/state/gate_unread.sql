-- grain: one row; rows of the snapshot's orders and stock that could not be read; rows that the
-- mapping sets aside by rule (R_ASIDE) were read
select
    count(*) filter (where snapshot_source.frame = 'orders') as order_rows,
    count(*) filter (where snapshot_source.frame = 'stock') as stock_rows
from quarantine
inner join snapshot_source
    on quarantine.snapshot_id = snapshot_source.snapshot_id and quarantine.file = snapshot_source.name
where quarantine.snapshot_id = :snapshot_id and quarantine.code <> 'R_ASIDE'
