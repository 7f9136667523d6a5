-- coming back to a scheme that was left: how ready the merchant was, what a person decided, and what followed

-- grain: one row each time somebody asked whether to come back
create table rejoin (
    exit_id text not null,
    rejoin_no integer not null,
    facts jsonb not null,
    points integer not null,
    musts text [] not null,
    weighed_at timestamptz default now() not null,
    decision text,
    decided_by text,
    decided_at timestamptz,
    next_exit_id text,
    constraint rejoin_pk primary key (exit_id, rejoin_no),
    constraint rejoin_exit_id_fk foreign key (exit_id) references exit (exit_id),
    constraint rejoin_next_exit_id_fk foreign key (next_exit_id) references exit (exit_id),
    constraint rejoin_decision_ck check (decision in ('reopen', 'new_exit', 'not_now')),
    constraint rejoin_points_ck check (points between 0 and 100 and rejoin_no > 0),
    constraint rejoin_decided_whole_ck check (num_nulls(decision, decided_by, decided_at) in (0, 3)),
    constraint rejoin_ready_ck check (coalesce(decision, 'not_now') = 'not_now' or musts = '{}'),
    constraint rejoin_next_ck check (
        (coalesce(decision, 'not_now') = 'not_now') = (next_exit_id is null)
        and (decision is distinct from 'reopen' or next_exit_id = exit_id)
        and (decision is distinct from 'new_exit' or next_exit_id <> exit_id)
    )
);
create unique index rejoin_next_exit_once on rejoin (next_exit_id) where decision = 'new_exit';

create trigger rejoin_stays before delete or truncate on rejoin
for each statement execute function refuse_change();

-- What was weighed never changes; it is decided upon once.
create function rejoin_is_kept() returns trigger language plpgsql as $$
begin
    if (new.exit_id, new.rejoin_no, new.facts, new.points, new.musts, new.weighed_at)
        is distinct from (old.exit_id, old.rejoin_no, old.facts, old.points, old.musts, old.weighed_at)
        or old.decision is not null
    then
        raise exception 'rejoining % of exit % is kept as it was weighed and decided', old.rejoin_no, old.exit_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger rejoin_is_kept before update on rejoin
for each row execute function rejoin_is_kept();
