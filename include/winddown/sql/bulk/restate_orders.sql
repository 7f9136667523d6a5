-- grain: posting_number, line_no, column_name ('' for a whole line); what a newer snapshot says
-- otherwise of the orders that an earlier one told, within the time that both cover; steps gives
-- every known status its place on the way, one that is not known has none
with bounds as (
    select
        greatest(
            (select min(ordered_at) from earlier),
            coalesce((select min(ordered_at) from newer), (select min(ordered_at) from earlier))
        ) as since
),

lines as (
    select
        coalesce(earlier.posting_number, newer.posting_number) as posting_number,
        coalesce(earlier.line_no, newer.line_no) as line_no,
        coalesce(newer.sku, earlier.sku) as sku,
        earlier.posting_number is not null as was_there,
        newer.posting_number is not null as is_there,
        earlier,
        newer
    from earlier
    full join newer on earlier.posting_number = newer.posting_number and earlier.line_no = newer.line_no
    cross join bounds
    where
        (earlier.posting_number is not null and newer.posting_number is not null)
        or coalesce(earlier.ordered_at, newer.ordered_at) >= bounds.since
        and coalesce(earlier.ordered_at, newer.ordered_at) < $until
),

stepped as (
    select
        lines.*,
        coalesce(was.step, 0) as was_step,
        coalesce(now.step, case when coalesce(was.step, 0) >= $left_step then 0 else was.step end, 0)
            as now_step
    from lines
    left join steps as was on lines.earlier.status = was.status
    left join steps as now on lines.newer.status = now.status
    where
        was_there <> is_there
        or (earlier.sku, earlier.ordered_qty, earlier.price_minor) <> (newer.sku, newer.ordered_qty, newer.price_minor)
        or (earlier.currency, earlier.warehouse_id, earlier.status) <> (newer.currency, newer.warehouse_id, newer.status)
),

told as (
    select
        posting_number,
        line_no,
        sku,
        unnest([
            struct_pack(
                kind := case when not was_there then 'added' else 'vanished' end,
                column_name := '',
                before := case
                    when was_there
                        then concat_ws(' ', earlier.ordered_qty, 'at', earlier.price_minor, earlier.status)
                end,
                after := case
                    when is_there
                        then concat_ws(' ', newer.ordered_qty, 'at', newer.price_minor, newer.status)
                end,
                holds := was_there <> is_there
            ),
            struct_pack(
                kind := 'changed',
                column_name := 'sku',
                before := earlier.sku,
                after := newer.sku,
                holds := was_there and is_there and earlier.sku <> newer.sku
            ),
            struct_pack(
                kind := 'changed',
                column_name := 'ordered_qty',
                before := earlier.ordered_qty::varchar,
                after := newer.ordered_qty::varchar,
                holds := was_there and is_there and earlier.ordered_qty <> newer.ordered_qty
            ),
            struct_pack(
                kind := 'changed',
                column_name := 'price_minor',
                before := concat_ws(' ', earlier.price_minor, earlier.currency),
                after := concat_ws(' ', newer.price_minor, newer.currency),
                holds := was_there and is_there
                and (earlier.price_minor, earlier.currency) <> (newer.price_minor, newer.currency)
            ),
            struct_pack(
                kind := 'changed',
                column_name := 'warehouse_id',
                before := earlier.warehouse_id,
                after := newer.warehouse_id,
                holds := was_there and is_there and earlier.warehouse_id <> newer.warehouse_id
            ),
            struct_pack(
                kind := 'changed',
                column_name := 'status',
                before := earlier.status,
                after := newer.status,
                holds := was_there and is_there
                and (
                    now_step < was_step
                    or (was_step = $last_step and now_step = $last_step and earlier.status <> newer.status)
                )
            )
        ]) as word
    from stepped
)

select
    word.kind,
    posting_number,
    line_no,
    sku,
    word.column_name,
    word.before,
    word.after
from told
where word.holds
order by posting_number, line_no, word.column_name
