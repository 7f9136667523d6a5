-- what constraints cannot say: rows that are never changed, and the ways a state may go

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only, % is refused: write a new row instead', tg_table_name, lower(tg_op)
        using errcode = 'restrict_violation';
end $$;

create trigger approval_append_only before update or delete or truncate on approval
for each statement execute function refuse_change();
create trigger approval_answer_append_only before update or delete or truncate on approval_answer
for each statement execute function refuse_change();
create trigger movement_append_only before update or delete or truncate on movement
for each statement execute function refuse_change();
create trigger event_append_only before update or delete or truncate on event
for each statement execute function refuse_change();
create trigger plan_line_append_only before update or delete or truncate on plan_line
for each statement execute function refuse_change();
create trigger shipment_append_only before update or delete or truncate on shipment
for each statement execute function refuse_change();
create trigger shipment_line_append_only before update or delete or truncate on shipment_line
for each statement execute function refuse_change();
create trigger plan_stays before delete or truncate on plan
for each statement execute function refuse_change();
create trigger snapshot_stays before delete or truncate on snapshot
for each statement execute function refuse_change();
create trigger effect_stays before delete or truncate on effect
for each statement execute function refuse_change();
create trigger effect_attempt_stays before delete or truncate on effect_attempt
for each statement execute function refuse_change();

create function snapshot_moves_on() returns trigger language plpgsql as $$
begin
    if old.state <> 'pulling' or new.snapshot_id <> old.snapshot_id or new.exit_id <> old.exit_id then
        raise exception 'snapshot % is % and never written again', old.snapshot_id, old.state
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger snapshot_moves_on before update on snapshot
for each row execute function snapshot_moves_on();

create function manifest_is_open() returns trigger language plpgsql as $$
declare
    owner text := case when tg_op = 'DELETE' then old.snapshot_id else new.snapshot_id end;
begin
    if not exists (select from snapshot where snapshot_id = owner and state = 'pulling') then
        raise exception 'snapshot % is final: its manifest is never written again', owner
            using errcode = 'restrict_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger snapshot_file_open before insert or update or delete on snapshot_file
for each row execute function manifest_is_open();
create trigger snapshot_source_open before insert or update or delete on snapshot_source
for each row execute function manifest_is_open();

-- Runs once a statement and visits each plan once (a loose index scan), whatever the number of lines.
create function plan_lines_have_a_plan() returns trigger language plpgsql as $$
declare
    stray text;
begin
    with recursive held (plan_id) as (
        (select plan_id from plan_line order by plan_id limit 1)
        union all
        select (select line.plan_id from plan_line as line where line.plan_id > held.plan_id
                order by line.plan_id limit 1)
        from held
        where held.plan_id is not null
    )
    select held.plan_id into stray
    from held
    where held.plan_id is not null and not exists (select from plan where plan.plan_id = held.plan_id)
    limit 1;
    if stray is not null then
        raise exception 'plan lines of % have no plan', stray using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

create trigger plan_lines_have_a_plan after insert on plan_line
for each statement execute function plan_lines_have_a_plan();

create function plan_moves_on() returns trigger language plpgsql as $$
begin
    if (new.plan_id, new.exit_id, new.snapshot_id, new.digest, new.summary, new.created_at)
        is distinct from (old.plan_id, old.exit_id, old.snapshot_id, old.digest, old.summary, old.created_at)
    then
        raise exception 'plan % is frozen: only its state may change', old.plan_id
            using errcode = 'restrict_violation';
    end if;
    if not (old.state = 'proposed' or (old.state = 'approved' and new.state = 'superseded')) then
        raise exception 'plan % is % and cannot become %', old.plan_id, old.state, new.state
            using errcode = 'restrict_violation';
    end if;
    if new.state = 'approved'
        and not exists (select from approval where plan_id = new.plan_id and decision = 'approved')
    then
        raise exception 'plan % has no approval', new.plan_id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger plan_moves_on before update on plan for each row execute function plan_moves_on();

create function starts_as() returns trigger language plpgsql as $$
begin
    if new.state <> tg_argv[0] then
        raise exception 'a new % starts as %, not as %', tg_table_name, tg_argv[0], new.state
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger plan_starts_proposed before insert on plan
for each row execute function starts_as('proposed');
create trigger snapshot_starts_pulling before insert on snapshot
for each row execute function starts_as('pulling');
create trigger effect_starts_ready before insert on effect
for each row execute function starts_as('ready');

create function approval_is_of_a_proposal() returns trigger language plpgsql as $$
begin
    if exists (select from plan where plan_id = new.plan_id and state <> 'proposed') then
        raise exception 'plan % is not open for a decision', new.plan_id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger approval_is_of_a_proposal before insert on approval
for each row execute function approval_is_of_a_proposal();

create function effect_is_approved() returns trigger language plpgsql as $$
begin
    if not exists (select from approval where plan_id = new.plan_id and decision = 'approved') then
        raise exception 'effect % belongs to plan %, which nobody approved', new.effect_key, new.plan_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger effect_is_approved before insert on effect
for each row execute function effect_is_approved();

create function effect_moves_on() returns trigger language plpgsql as $$
begin
    if (new.effect_key, new.exit_id, new.kind, new.plan_id, new.conflict_key, new.request, new.created_at)
        is distinct from
        (old.effect_key, old.exit_id, old.kind, old.plan_id, old.conflict_key, old.request, old.created_at)
    then
        raise exception 'effect % is fixed: only its course may change', old.effect_key
            using errcode = 'restrict_violation';
    end if;
    if (old.state, new.state) not in (
        ('ready', 'sending'), ('ready', 'confirmed'),
        ('sending', 'ready'), ('sending', 'unknown'), ('sending', 'confirmed'), ('sending', 'rejected'),
        ('unknown', 'ready'), ('unknown', 'confirmed')
    ) then
        raise exception 'effect % is % and cannot become %', old.effect_key, old.state, new.state
            using errcode = 'restrict_violation';
    end if;
    if new.fence <> old.fence + (new.state = 'sending')::int then
        raise exception 'effect %: the fence rises by one with each claim and never otherwise', old.effect_key
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger effect_moves_on before update on effect for each row execute function effect_moves_on();

create function attempt_ends_once() returns trigger language plpgsql as $$
begin
    if old.ended_at is not null or (new.effect_key, new.attempt_no, new.fence, new.started_at)
        is distinct from (old.effect_key, old.attempt_no, old.fence, old.started_at)
    then
        raise exception 'attempt % of effect % has ended', old.attempt_no, old.effect_key
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger attempt_ends_once before update on effect_attempt
for each row execute function attempt_ends_once();
