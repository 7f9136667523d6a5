-- every version of an application to leave: its text and dossier, how it was filed, what was decided

-- grain: one row each version of an exit's application
create table application (
    exit_id text not null,
    version_no integer not null,
    snapshot_id text not null,
    request jsonb not null,
    dossier jsonb not null,
    text_ru text not null,
    text_zh text not null,
    text_en text not null,
    drafted_by text,
    drafted_at timestamptz default now() not null,
    filed_number text,
    filed_on date,
    filed_by text,
    filed_at timestamptz,
    due_on date,
    decision text,
    decision_reason text,
    decided_on date,
    decided_by text,
    decided_at timestamptz,
    late_told_at timestamptz,
    constraint application_pk primary key (exit_id, version_no),
    constraint application_exit_id_snapshot_id_uq unique (exit_id, snapshot_id),
    constraint application_exit_id_fk foreign key (exit_id) references exit (exit_id),
    constraint application_snapshot_id_fk foreign key (snapshot_id) references snapshot (snapshot_id),
    constraint application_decision_ck check (decision in ('accepted', 'refused')),
    constraint application_version_no_ck check (version_no > 0),
    constraint application_filed_whole_ck check (
        num_nulls(filed_number, filed_on, filed_by, filed_at, due_on) in (0, 5)
    ),
    constraint application_decided_whole_ck check (
        num_nulls(decision, decision_reason, decided_on, decided_by, decided_at) in (0, 5)
    ),
    constraint application_decided_once_filed_ck check (
        decision is null or (filed_on is not null and decided_on >= filed_on)
    ),
    constraint application_refused_has_reason_ck check (
        decision is distinct from 'refused' or btrim(decision_reason) <> ''
    )
);
create unique index application_one_in_review on application (exit_id)
where filed_on is not null and decision is null;

create trigger application_stays before delete or truncate on application
for each statement execute function refuse_change();

-- What was drafted never changes; it is filed once, and decided once.
create function application_is_kept() returns trigger language plpgsql as $$
begin
    if (new.exit_id, new.version_no, new.snapshot_id, new.request, new.dossier, new.text_ru, new.text_zh,
            new.text_en, new.drafted_by, new.drafted_at)
        is distinct from
        (old.exit_id, old.version_no, old.snapshot_id, old.request, old.dossier, old.text_ru, old.text_zh,
            old.text_en, old.drafted_by, old.drafted_at)
    then
        raise exception 'version % of the application of % is kept as it was drafted', old.version_no, old.exit_id
            using errcode = 'restrict_violation';
    end if;
    if old.filed_on is not null
        and (new.filed_number, new.filed_on, new.filed_by, new.filed_at, new.due_on)
        is distinct from (old.filed_number, old.filed_on, old.filed_by, old.filed_at, old.due_on)
    then
        raise exception 'version % of the application of % is filed', old.version_no, old.exit_id
            using errcode = 'restrict_violation';
    end if;
    if old.decision is not null
        and (new.decision, new.decision_reason, new.decided_on, new.decided_by, new.decided_at)
        is distinct from (old.decision, old.decision_reason, old.decided_on, old.decided_by, old.decided_at)
    then
        raise exception 'version % of the application of % is decided', old.version_no, old.exit_id
            using errcode = 'restrict_violation';
    end if;
    if old.late_told_at is not null and new.late_told_at is distinct from old.late_told_at then
        raise exception 'people were told already of version % of %', old.version_no, old.exit_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger application_is_kept before update on application
for each row execute function application_is_kept();
