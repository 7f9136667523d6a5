-- grain: one row; the latest verdict of the gate
select
    snapshot_id,
    cleared,
    verdict
from gate_verdict
where exit_id = :exit_id
order by decided_at desc
limit 1
