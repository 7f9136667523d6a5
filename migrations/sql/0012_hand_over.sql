-- what was done to hand an exit over, what is still open of it, and no closing while anything is

-- grain: one row each thing that was done or seen for the hand-over of an exit
create table hand_over_step (
    exit_id text not null,
    step_no integer not null,
    kind text not null,
    snapshot_id text,
    by_user text not null,
    facts jsonb not null,
    done_at timestamptz default now() not null,
    constraint hand_over_step_pk primary key (exit_id, step_no),
    constraint hand_over_step_by_someone_ck check (btrim(by_user) <> ''),
    constraint hand_over_step_kind_ck check (
        kind in ('standing', 'supplies', 'prepared', 'set_up', 'own_stock', 'prices', 'archive', 'ended', 'report')
    ),
    constraint hand_over_step_exit_id_fk foreign key (exit_id) references exit (exit_id),
    constraint hand_over_step_snapshot_id_fk foreign key (snapshot_id) references snapshot (snapshot_id)
);

create trigger hand_over_step_append_only before update or delete or truncate on hand_over_step
for each statement execute function refuse_change();

-- grain: kind; what of an exit is open as far as this database knows it, and some of it by name
create function exit_open(which text) returns table (kind text, qty bigint, names text [])
language sql stable as $$
    with places as (
        select
            sku,
            sum(pieces) filter (where place = 'STOCK') as stock_qty,
            sum(pieces) filter (where place in ('IN_REMOVAL', 'IN_TRANSIT')) as removal_qty
        from (
            select sku, to_node as place, qty as pieces from movement where exit_id = which
            union all
            select sku, from_node as place, -qty as pieces from movement where exit_id = which
        ) as entry
        group by sku
    ),

    found (kind, name, qty) as (
        select 'booked', sku, stock_qty from places where stock_qty <> 0
        union all
        select 'on_returns', sku, removal_qty from places where removal_qty <> 0
        union all
        select 'requests', return_request.request_no, 1
        from return_request
        where return_request.exit_id = which
            and exists (
                select from return_line
                where return_line.request_id = return_request.request_id and return_line.accepted_qty > 0
            )
            and not exists (
                select from event_now
                where event_now.exit_id = which
                    and event_now.request_no = return_request.request_no
                    and event_now.kind = 'count_closed'
            )
        union all
        select 'discrepancies', concat_ws(' ', discrepancy.kind, sku, request_id), 1
        from discrepancy
        where exit_id = which and (state = 'refused' or (state = 'open' and stake <> 'note'))
        union all
        select 'claims', concat_ws(' ', discrepancy.kind, sku, request_id), 1
        from discrepancy
        where exit_id = which and state = 'claimed'
        union all
        select 'effects', left(effect_key, 12), 1
        from effect
        where exit_id = which and state in ('ready', 'sending', 'unknown', 'escalated')
        union all
        select 'proposed', left(digest, 12), 1
        from plan
        where exit_id = which and state = 'proposed'
    )

    select
        known.kind,
        coalesce(sum(abs(found.qty)), 0)::bigint,
        coalesce((array_agg(found.name order by found.name) filter (where found.name is not null)) [:100], '{}')
    from unnest(array[
        'booked', 'on_returns', 'requests', 'discrepancies', 'claims', 'effects', 'proposed'
    ]) as known (kind)
    left join found on known.kind = found.kind
    group by known.kind
$$;

-- What only a snapshot or a person knows stands in hand_over_step; what this database knows is counted again here.
create function exit_move_may_close() returns trigger language plpgsql as $$
declare
    since timestamptz;
    open_ones text;
    newest text;
    missing text;
begin
    select string_agg(format('%s %s', qty, kind), ', ' order by kind) into open_ones
    from exit_open(new.exit_id)
    where qty <> 0;
    if open_ones is not null then
        raise exception 'exit % cannot be closed: % are open', new.exit_id, open_ones
            using errcode = 'restrict_violation';
    end if;
    select max(moved_at) into since
    from exit_move
    where exit_id = new.exit_id and to_state = 'handing_over';
    select string_agg(wanted.kind, ', ' order by wanted.kind) into missing
    from unnest(array['standing', 'set_up', 'archive', 'ended']) as wanted (kind)
    where not exists (
        select from hand_over_step
        where exit_id = new.exit_id and kind = wanted.kind and done_at >= since
    );
    if missing is not null then
        raise exception 'exit % cannot be closed: % is not done', new.exit_id, missing
            using errcode = 'restrict_violation';
    end if;
    select snapshot_id into newest
    from snapshot
    where exit_id = new.exit_id and state = 'valid'
    order by sealed_at desc, snapshot_id desc
    limit 1;
    if not coalesce((
        select
            snapshot_id is not distinct from newest
            and facts -> 'open' ?& array[
                'pending_orders', 'reserved', 'stock', 'supplies', 'unread', 'in_transit'
            ]
            and not exists (select from jsonb_each(facts -> 'open') as told where told.value <> '0'::jsonb)
        from hand_over_step
        where exit_id = new.exit_id and kind = 'standing' and done_at >= since
        order by step_no desc
        limit 1
    ), false) then
        raise exception 'exit % cannot be closed: its last snapshot was not seen to be empty', new.exit_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger exit_move_may_close before insert on exit_move
for each row when (new.to_state = 'closed') execute function exit_move_may_close();
