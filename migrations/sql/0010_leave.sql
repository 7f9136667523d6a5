-- the course of an exit: its states, which may follow which, and every move that was made

alter table exit drop constraint exit_state_ck;
alter table exit alter column state set default 'drafted';
update exit set state = 'clearing' where state = 'open';
alter table exit add constraint exit_state_ck check (
    state in (
        'drafted', 'filed', 'in_review', 'refused', 'accepted',
        'clearing', 'settling', 'handing_over', 'closed', 'reopened'
    )
);

-- grain: one row each move of an exit, the first of them from nowhere
create table exit_move (
    exit_id text not null,
    move_no integer not null,
    from_state text,
    to_state text not null,
    by_user text not null,
    why text not null,
    moved_at timestamptz default now() not null,
    constraint exit_move_pk primary key (exit_id, move_no),
    constraint exit_move_first_comes_from_nowhere_ck check ((move_no = 1) = (from_state is null)),
    constraint exit_move_by_someone_ck check (btrim(by_user) <> '' and btrim(why) <> ''),
    constraint exit_move_exit_id_fk foreign key (exit_id) references exit (exit_id)
);

insert into exit_move (exit_id, move_no, to_state, by_user, why, moved_at)
select exit_id, 1, state, coalesce(authors[1], 'winddown'), 'open before moves were kept', created_at from exit;

create trigger exit_move_append_only before update or delete or truncate on exit_move
for each statement execute function refuse_change();

-- domain/exit_course.py says the same; a test holds the two together
create function exit_may_move(before text, after text) returns boolean language sql immutable as $$
    select (before, after) in (
        ('drafted', 'filed'), ('filed', 'in_review'), ('in_review', 'refused'), ('in_review', 'accepted'),
        ('refused', 'filed'), ('accepted', 'clearing'), ('clearing', 'settling'), ('settling', 'handing_over'),
        ('handing_over', 'closed'), ('closed', 'reopened'), ('reopened', 'clearing')
    )
$$;

create function exit_begins() returns trigger language plpgsql as $$
begin
    if new.state not in ('drafted', 'clearing') then
        raise exception 'a new exit starts as drafted or clearing, not as %', new.state
            using errcode = 'check_violation', detail = 'check constraint exit_begins';
    end if;
    return new;
end $$;

create trigger exit_begins before insert on exit for each row execute function exit_begins();

create function exit_begun() returns trigger language plpgsql as $$
begin
    insert into exit_move (exit_id, move_no, to_state, by_user, why)
    values (new.exit_id, 1, new.state, coalesce(new.authors[1], 'winddown'), 'opened');
    return null;
end $$;

create trigger exit_begun after insert on exit for each row execute function exit_begun();

-- A move is written first, and the state follows from it: the one cannot be without the other.
create function exit_move_follows() returns trigger language plpgsql as $$
declare
    now_state text;
    last_no integer;
begin
    select state into now_state from exit where exit_id = new.exit_id for update;
    select coalesce(max(move_no), 0) into last_no from exit_move where exit_id = new.exit_id;
    if new.move_no <> last_no + 1 then
        raise exception 'exit %: move % does not follow move %', new.exit_id, new.move_no, last_no
            using errcode = 'restrict_violation';
    end if;
    if new.move_no = 1 and new.to_state = now_state then
        return new;
    end if;
    if new.from_state is distinct from now_state or exit_may_move(now_state, new.to_state) is not true then
        raise exception 'exit % is % and cannot become %', new.exit_id, now_state, new.to_state
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger exit_move_follows before insert on exit_move
for each row execute function exit_move_follows();

create function exit_moved() returns trigger language plpgsql as $$
begin
    update exit set state = new.to_state where exit_id = new.exit_id and state <> new.to_state;
    return null;
end $$;

create trigger exit_moved after insert on exit_move for each row execute function exit_moved();

create function exit_state_has_move() returns trigger language plpgsql as $$
begin
    if not exists (
        select from exit_move
        where exit_id = old.exit_id and (from_state, to_state) = (old.state, new.state)
            and move_no = (select max(move_no) from exit_move where exit_id = old.exit_id)
    ) then
        raise exception 'exit % is % and becomes % by a move only: write one', old.exit_id, old.state, new.state
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger exit_state_has_move before update on exit
for each row when (old.state is distinct from new.state) execute function exit_state_has_move();

-- While the platform looks at the application, and after the closing, nothing is done to the outside.
create function effect_of_an_exit_that_leaves() returns trigger language plpgsql as $$
declare
    now_state text;
begin
    select state into now_state from exit where exit_id = new.exit_id;
    if now_state not in ('accepted', 'clearing', 'settling', 'handing_over', 'reopened', 'refused') then
        raise exception 'effect % belongs to exit %, which is %', new.effect_key, new.exit_id, now_state
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger effect_of_an_exit_that_leaves before insert on effect
for each row execute function effect_of_an_exit_that_leaves();
