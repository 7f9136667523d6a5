-- grain: one stock file of a valid snapshot, of this exit or of another merchant
select
    snapshot_source.name,
    snapshot_source.sha256,
    snapshot_source.frame as "table",
    exit.merchant as cabinet,
    snapshot_source.size_bytes,
    snapshot_source.rows_in as rows,
    (snapshot.taken_at at time zone 'UTC')::date as period_on,
    (snapshot.sealed_at at time zone 'UTC')::date as imported_on
from snapshot_source
inner join snapshot on snapshot_source.snapshot_id = snapshot.snapshot_id
inner join exit on snapshot.exit_id = exit.exit_id
where
    snapshot.state = 'valid'
    and snapshot_source.frame = 'stock'
    and (snapshot.exit_id = :exit_id or exit.merchant <> :merchant)
order by snapshot.sealed_at, snapshot_source.source_no
