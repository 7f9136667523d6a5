-- what people were told of the own warehouse after an exit, so that nobody is told twice

-- grain: one row each time a thing of an exit begins to be wrong
create table own_alert (
    exit_id text not null,
    alert_key text not null,
    opening_no integer not null,
    level integer not null,
    sentence text not null,
    told_at timestamptz default now() not null,
    over_at timestamptz,
    constraint own_alert_pk primary key (exit_id, alert_key, opening_no),
    constraint own_alert_exit_id_fk foreign key (exit_id) references exit (exit_id),
    constraint own_alert_level_ck check (level > 0 and opening_no > 0)
);
create unique index own_alert_one_open on own_alert (exit_id, alert_key) where over_at is null;

create trigger own_alert_stays before delete or truncate on own_alert
for each statement execute function refuse_change();

-- A thing that is over stays over, and one that is told gets worse only: each level is told once.
create function own_alert_is_told_once() returns trigger language plpgsql as $$
begin
    if (new.exit_id, new.alert_key, new.opening_no) is distinct from (old.exit_id, old.alert_key, old.opening_no)
        or old.over_at is not null
        or (new.over_at is null and new.level <= old.level)
        or (new.over_at is not null and (new.level, new.sentence, new.told_at)
            is distinct from (old.level, old.sentence, old.told_at))
    then
        raise exception 'alert % of exit % was told at level %', old.alert_key, old.exit_id, old.level
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger own_alert_is_told_once before update on own_alert
for each row execute function own_alert_is_told_once();
