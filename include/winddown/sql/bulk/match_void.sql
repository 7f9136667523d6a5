-- grain: row_id of an event that does not count, and why: a newer edition of its report is
-- without it (vanished), the same carton was scanned again (scanned_again), the same receipt of one shipment was
-- handed in again (resubmitted)
create temp table void as
with editions as (
    select leg, account_id, report_no, max(version) as newest
    from tidy
    where report_no <> '' and version > 1
    group by leg, account_id, report_no
),

vanished as (
    select once.row_id
    from once
    inner join editions using (leg, account_id, report_no)
    where once.version < editions.newest
),

scans as (
    select
        row_id,
        happened_at - lag(happened_at) over (
            partition by account_id, request_no, shipment_no, carton_id, sku, barcode, condition, word, qty, unit
            order by happened_at, event_key
        ) as since_last
    from once
    where leg = 'dock' and event_id = '' and carton_id <> ''
),

receipts as (
    select
        account_id,
        shipment_no,
        place,
        report_no,
        min(happened_at) as first_at,
        sum(hash(carton_id, sku, barcode, condition, word, qty, unit)::hugeint) as content,
        count(*) as rows_count
    from once
    where leg = 'dock' and report_no <> '' and shipment_no <> ''
    group by account_id, shipment_no, place, report_no
),

resubmitted as (
    select
        account_id,
        shipment_no,
        place,
        report_no
    from receipts
    qualify
        first_at - first_value(first_at) over (
            partition by account_id, shipment_no, place, content, rows_count order by first_at, report_no
        ) <= to_seconds($resubmitted_within_seconds)
        and row_number() over (
            partition by account_id, shipment_no, place, content, rows_count order by first_at, report_no
        ) > 1
)

select
    row_id,
    min(why) as why
from (
    select row_id, 'vanished' as why from vanished
    union all
    select row_id, 'scanned_again' as why
    from scans
    where since_last <= to_seconds($scan_repeat_seconds)
    union all
    select once.row_id, 'resubmitted' as why
    from once
    inner join resubmitted using (account_id, shipment_no, place, report_no)
    where once.leg = 'dock'
) as told
group by row_id
