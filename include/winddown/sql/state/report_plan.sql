-- grain: one row; the plan that counts: the latest approved one, else the latest of all
select
    plan_id,
    snapshot_id,
    state,
    digest,
    summary
from plan
where exit_id = :exit_id
order by (state = 'approved') desc, created_at desc
limit 1
