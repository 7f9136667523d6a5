-- what a plan decides for each listing, with its alternatives in money
-- grain: one row a plan and SKU; double precision where a number has a fraction, never NaN or infinity

create table plan_decision (
    plan_id text not null,
    sku text not null,
    offer_id text not null,
    currency text not null,
    free_qty integer not null,
    keep_qty integer not null,
    return_qty integer not null,
    dispose_qty integer not null,
    price_minor bigint not null,
    new_price_minor bigint not null,
    discount_pct integer not null,
    was_price_minor bigint,
    rate_per_week double precision not null,
    weeks_left double precision not null,
    last_call_on date,
    expected_sold_qty double precision not null,
    expected_returned_qty double precision not null,
    expected_disposed_qty double precision not null,
    sale_net_minor bigint not null,
    return_net_minor bigint,
    plan_minor bigint not null,
    return_all_minor bigint not null,
    hold_minor bigint not null,
    markdown_minor bigint not null,
    dispose_all_minor bigint not null,
    bound_minor bigint not null,
    margin_minor bigint not null,
    second_best text not null,
    flip_weeks double precision,
    flip_return_minor bigint,
    flip_rate double precision,
    defaults text,
    reason text not null,
    constraint plan_decision_pk primary key (plan_id, sku),
    constraint plan_decision_every_piece_once_ck check (free_qty = keep_qty + return_qty + dispose_qty),
    constraint plan_decision_numbers_ck check (
        greatest(rate_per_week, weeks_left, expected_sold_qty, expected_returned_qty, expected_disposed_qty,
            flip_weeks, flip_rate) < 'infinity'
        and least(rate_per_week, weeks_left, expected_sold_qty, expected_returned_qty, expected_disposed_qty,
            flip_weeks, flip_rate) >= 0
    )
);

create trigger plan_decision_append_only before update or delete or truncate on plan_decision
for each statement execute function refuse_change();

-- As for plan_line: once a statement, each plan once.
create function plan_decisions_have_a_plan() returns trigger language plpgsql as $$
declare
    stray text;
begin
    with recursive held (plan_id) as (
        (select plan_id from plan_decision order by plan_id limit 1)
        union all
        select (select decision.plan_id from plan_decision as decision where decision.plan_id > held.plan_id
                order by decision.plan_id limit 1)
        from held
        where held.plan_id is not null
    )
    select held.plan_id into stray
    from held
    where held.plan_id is not null and not exists (select from plan where plan.plan_id = held.plan_id)
    limit 1;
    if stray is not null then
        raise exception 'decisions of % have no plan', stray using errcode = 'foreign_key_violation';
    end if;
    return null;
end $$;

create trigger plan_decisions_have_a_plan after insert on plan_decision
for each statement execute function plan_decisions_have_a_plan();
