-- grain: snapshot; what the gate saw in the valid snapshots of an exit that were counted before
select
    gate_verdict.snapshot_id,
    snapshot.taken_at,
    coalesce(gate_verdict.verdict -> 'blocking_skus', '[]'::jsonb) as blocking_skus,
    jsonb_array_length(coalesce(gate_verdict.verdict -> 'blocking_supplies', '[]'::jsonb)) > 0
    or coalesce((gate_verdict.verdict ->> 'unread_rows')::bigint, 0) > 0 as blocks_all
from gate_verdict
inner join snapshot on gate_verdict.snapshot_id = snapshot.snapshot_id
where
    gate_verdict.exit_id = :exit_id
    and snapshot.state = 'valid'
    and snapshot.taken_at < :taken_at
order by snapshot.taken_at desc
