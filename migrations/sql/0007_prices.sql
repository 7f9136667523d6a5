-- changes of prices, version by version; an effect of kind 'price' is about the changes that name it
-- grain: one row an exit, SKU and version; the first version's from_minor is the price before our first change

create table price_change (
    exit_id text not null,
    sku text not null,
    version integer not null,
    effect_key text not null,
    offer_id text not null,
    price_minor bigint not null,
    old_price_minor bigint not null,
    from_minor bigint not null,
    currency text not null,
    reason text not null,
    problem text,
    problem_text text,
    created_at timestamptz default now() not null,
    changed_at timestamptz default now() not null,
    constraint price_change_pk primary key (exit_id, sku, version),
    constraint price_change_version_ck check (version > 0),
    constraint price_change_prices_ck check (price_minor > 0 and from_minor > 0),
    constraint price_change_old_price_ck check (old_price_minor = 0 or old_price_minor > price_minor),
    constraint price_change_reason_ck check (reason in ('markdown', 'restore')),
    constraint price_change_problem_ck check (problem in ('refused', 'conflict', 'superseded')),
    constraint price_change_problem_has_text_ck check ((problem is null) = (problem_text is null))
);
create index price_change_of_effect_ix on price_change (effect_key);
create index effect_of_conflict_ix on effect (conflict_key, created_at);

create trigger price_change_stays before delete or truncate on price_change
for each statement execute function refuse_change();

-- Once a statement: every change has its effect, of its exit, and the version before it.
create function price_changes_follow() returns trigger language plpgsql as $$
declare
    stray text;
begin
    select fresh.effect_key into stray
    from (select distinct effect_key, exit_id from added) as fresh
    where not exists (
        select from effect
        where effect.effect_key = fresh.effect_key and effect.exit_id = fresh.exit_id and effect.kind = 'price'
    )
    limit 1;
    if stray is not null then
        raise exception 'changes of prices name effect %, which is none of that exit', stray
            using errcode = 'foreign_key_violation';
    end if;
    select fresh.sku into stray
    from added as fresh
    where fresh.version > 1 and not exists (
        select from price_change as before
        where before.exit_id = fresh.exit_id and before.sku = fresh.sku and before.version = fresh.version - 1
    )
    limit 1;
    if stray is not null then
        raise exception 'sku %: versions of its price follow each other without a gap', stray
            using errcode = 'restrict_violation';
    end if;
    return null;
end $$;

create trigger price_changes_follow after insert on price_change
referencing new table as added
for each statement execute function price_changes_follow();

create function price_change_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.exit_id, new.sku, new.version, new.effect_key, new.offer_id, new.price_minor, new.old_price_minor,
        new.from_minor, new.currency, new.reason, new.created_at)
        is distinct from
        (old.exit_id, old.sku, old.version, old.effect_key, old.offer_id, old.price_minor, old.old_price_minor,
        old.from_minor, old.currency, old.reason, old.created_at)
    then
        raise exception 'change % of sku % is fixed: only its problem may be told', old.version, old.sku
            using errcode = 'restrict_violation';
    end if;
    if old.problem is not null then
        raise exception 'change % of sku % is % and stays it', old.version, old.sku, old.problem
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger price_change_is_fixed before update on price_change
for each row execute function price_change_is_fixed();

-- An old retry never overwrites a newer price: what a newer version has overtaken is marked before anything is sent.
create function prices_never_go_back() returns trigger language plpgsql as $$
declare
    overtaken text;
begin
    select mine.sku into overtaken
    from price_change as mine
    inner join price_change as newer
        on mine.exit_id = newer.exit_id and mine.sku = newer.sku and mine.version + 1 = newer.version
    where mine.effect_key = new.effect_key and mine.problem is null
    limit 1;
    if overtaken is not null then
        raise exception 'effect % would set an old price of sku %', new.effect_key, overtaken
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger prices_never_go_back before update on effect
for each row when (new.kind = 'price' and old.state = 'ready' and new.state = 'sending')
execute function prices_never_go_back();

-- a plan that stands within the corridor of an approved one, and is carried out under its approval
alter table plan
    add column within_plan_id text,
    add constraint plan_within_plan_id_exit_id_fk foreign key (within_plan_id, exit_id) references plan (plan_id, exit_id),
    drop constraint plan_state_ck,
    add constraint plan_state_ck check (state in (
        'proposed', 'approved', 'rejected', 'expired', 'superseded', 'within'
    )),
    add constraint plan_within_has_plan_ck check ((state = 'within') = (within_plan_id is not null));

create function plan_stands_within() returns trigger language plpgsql as $$
begin
    if not exists (
        select from plan as covering
        inner join approval
            on covering.plan_id = approval.plan_id and covering.digest = approval.digest
                and approval.decision = 'approved'
        where
            covering.plan_id = new.within_plan_id
            and covering.exit_id = new.exit_id
            and covering.state = 'approved'
            and not exists (
                select from plan as later
                where later.exit_id = covering.exit_id and later.state = 'approved'
                    and later.created_at > covering.created_at
            )
    ) then
        raise exception 'plan % stands within %, which is not the last approved plan of its exit',
            new.plan_id, new.within_plan_id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger plan_stands_within before update on plan
for each row when (new.state = 'within') execute function plan_stands_within();
