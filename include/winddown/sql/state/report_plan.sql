-- grain: one row; the plan that counts: the latest approved one or one within its corridor, else the latest of all
select
    plan_id,
    snapshot_id,
    state,
    digest,
    summary
from plan
where exit_id = :exit_id
order by (state in ('approved', 'within')) desc, created_at desc
limit 1
