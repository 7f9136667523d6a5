-- grain: one row; the snapshot with which the books were last brought up to date
select source_doc as snapshot_id
from movement
where exit_id = :exit_id and source_system = 'snapshot'
order by movement_id desc
limit 1
