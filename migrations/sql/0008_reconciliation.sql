-- the reconciliation: events with their editions, discrepancies with money and window, claims with evidence

drop trigger event_append_only on event;
alter table event add column version integer default '1' not null;
alter table event add column shipment_no text default '' not null;
alter table event add column carton_id text default '' not null;
alter table event add column tracking_no text default '' not null;
alter table event add column report_no text default '' not null;
alter table event drop constraint event_pk;
alter table event add constraint event_pk primary key (exit_id, source, event_id, version);
alter table event drop constraint event_kind_ck;
alter table event add constraint event_kind_ck check (kind in ('shipped', 'cancelled', 'disposed', 'lost', 'sold', 'compensated', 'compensated_stock', 'reversed', 'customer_return', 'fee', 'correction', 'completed', 'status', 'received_ok', 'received_damaged', 'received_wrong', 'concealed_damage', 'count_closed', 'short_closed'));
alter table event drop constraint event_qty_ck;
alter table event add constraint event_qty_ck check (qty >= 0 or kind = 'correction');
alter table event add constraint event_version_ck check (version > 0);
create trigger event_append_only before update or delete or truncate on event
for each statement execute function refuse_change();

-- the newest edition of each event; the older ones stay as they came
create view event_now as
select distinct on (exit_id, source, event_id) *
from event
order by exit_id, source, event_id, version desc;

alter table discrepancy add column stake text default 'claim' not null;
alter table discrepancy add column basis text default 'purchase_cost' not null;
alter table discrepancy add column clock_at timestamptz;
alter table discrepancy add column claim_until_on date;
alter table discrepancy add column detail text default '' not null;
alter table discrepancy add column decided_by text;
alter table discrepancy add column changed_at timestamptz default now() not null;
alter table discrepancy alter column value_minor drop not null;
alter table discrepancy drop constraint discrepancy_state_ck;
update discrepancy
set kind = case kind when 'missing' then 'short' else kind end,
    state = case state when 'settled' then 'paid' else state end;
alter table discrepancy add constraint discrepancy_state_ck check (state in ('open', 'claimed', 'paid', 'refused', 'withdrawn', 'written_off'));
alter table discrepancy add constraint discrepancy_stake_ck check (stake in ('claim', 'repay', 'review', 'note'));
alter table discrepancy add constraint discrepancy_basis_ck check (basis in ('purchase_cost', 'card_price', 'resale'));
alter table discrepancy add constraint discrepancy_written_off_by_a_person_ck check (state <> 'written_off' or decided_by <> '');

create function discrepancy_moves_on() returns trigger language plpgsql as $$
begin
    if (new.exit_id, new.request_id, new.sku, new.condition, new.kind, new.found_at)
        is distinct from (old.exit_id, old.request_id, old.sku, old.condition, old.kind, old.found_at)
    then
        raise exception 'discrepancy % % %: only its course may change', old.request_id, old.sku, old.kind
            using errcode = 'restrict_violation';
    end if;
    if old.state <> new.state and (old.state, new.state) not in (
        ('open', 'claimed'), ('open', 'withdrawn'), ('open', 'written_off'),
        ('claimed', 'paid'), ('claimed', 'refused'), ('claimed', 'withdrawn'),
        ('refused', 'claimed'), ('refused', 'written_off'),
        ('paid', 'open'), ('paid', 'withdrawn'), ('withdrawn', 'open')
    ) then
        raise exception 'discrepancy % % %: it is % and cannot become %',
            old.request_id, old.sku, old.kind, old.state, new.state using errcode = 'restrict_violation';
    end if;
    if new.state = 'written_off' and coalesce(trim(new.decided_by), '') = '' then
        raise exception 'discrepancy % % %: a named person writes off', old.request_id, old.sku, old.kind
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger discrepancy_moves_on before update on discrepancy
for each row execute function discrepancy_moves_on();

create function discrepancy_is_worked_on() returns trigger language plpgsql as $$
begin
    if old.state <> 'open' then
        raise exception 'discrepancy % % % is % and stays', old.request_id, old.sku, old.kind, old.state
            using errcode = 'restrict_violation';
    end if;
    return old;
end $$;

create trigger discrepancy_is_worked_on before delete on discrepancy
for each row execute function discrepancy_is_worked_on();
create trigger discrepancy_starts_open before insert on discrepancy
for each row execute function starts_as('open');

create table claim (
    claim_id text not null,
    exit_id text not null,
    warehouse_id text not null,
    digest text not null,
    lines_count integer not null,
    currency text not null,
    amount_minor bigint not null,
    prepared_at timestamptz default now() not null,
    handed_over_at timestamptz,
    handed_over_by text,
    constraint claim_pk primary key (claim_id),
    constraint claim_exit_id_digest_uq unique (exit_id, digest),
    constraint claim_digest_ck check (digest ~ '^[0-9a-f]{64}$'),
    constraint claim_amount_minor_ck check (amount_minor >= 0),
    constraint claim_handed_over_by_a_person_ck check ((handed_over_at is null) = (handed_over_by is null)),
    constraint claim_exit_id_fk foreign key (exit_id) references exit (exit_id)
);

create table claim_line (
    claim_id text not null,
    exit_id text not null,
    request_id text not null,
    sku text not null,
    condition text not null,
    kind text not null,
    qty bigint not null,
    value_minor bigint,
    constraint claim_line_pk primary key (claim_id, request_id, sku, condition, kind),
    constraint claim_line_qty_ck check (qty > 0),
    constraint claim_line_claim_id_fk foreign key (claim_id) references claim (claim_id),
    constraint claim_line_exit_id_request_id_sku_condition_kind_fk foreign key (exit_id, request_id, sku, condition, kind) references discrepancy (exit_id, request_id, sku, condition, kind)
);

create table claim_evidence (
    claim_id text not null,
    name text not null,
    sha256 text not null,
    size_bytes bigint not null,
    constraint claim_evidence_pk primary key (claim_id, name),
    constraint claim_evidence_sha256_ck check (sha256 ~ '^[0-9a-f]{64}$'),
    constraint claim_evidence_claim_id_fk foreign key (claim_id) references claim (claim_id)
);

create table claim_answer (
    answer_id bigint generated by default as identity,
    claim_id text not null,
    digest text not null,
    option text not null,
    user_id text,
    user_name text,
    answered_at timestamptz not null,
    ti_id text not null,
    dag_run_id text not null,
    constraint claim_answer_pk primary key (answer_id),
    constraint claim_answer_claim_id_ti_id_answered_at_uq unique (claim_id, ti_id, answered_at),
    constraint claim_answer_claim_id_fk foreign key (claim_id) references claim (claim_id)
);

create trigger claim_answer_append_only before update or delete or truncate on claim_answer
for each statement execute function refuse_change();
create trigger claim_line_append_only before update or delete or truncate on claim_line
for each statement execute function refuse_change();
create trigger claim_evidence_append_only before update or delete or truncate on claim_evidence
for each statement execute function refuse_change();
create trigger claim_stays before delete or truncate on claim
for each statement execute function refuse_change();

create function claim_moves_on() returns trigger language plpgsql as $$
begin
    if old.handed_over_at is not null
        or (new.claim_id, new.exit_id, new.digest, new.amount_minor, new.lines_count, new.prepared_at)
        is distinct from (old.claim_id, old.exit_id, old.digest, old.amount_minor, old.lines_count, old.prepared_at)
    then
        raise exception 'claim % is fixed: it is handed over once and then stays', old.claim_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger claim_moves_on before update on claim for each row execute function claim_moves_on();
