-- events of every kind, with everything the match reads; a word that nobody knows is kept and goes to a person

drop trigger event_append_only on event;
alter table event add column barcode text default '' not null;
alter table event add column measure text default '' not null;
alter table event add column unit text default '' not null;
alter table event add column place text default '' not null;
alter table event add column currency text default '' not null;
alter table event add column by_whom text default '' not null;
alter table event add column note text default '' not null;
alter table event add column carton_weight_g integer;
alter table event add column amount_minor bigint;
alter table event drop constraint event_kind_ck;
alter table event drop constraint event_count_closed_has_no_sku_ck;
alter table event add constraint event_kind_ck check (kind <> '');
alter table event add constraint event_end_has_no_goods_ck check (kind not in ('count_closed', 'completed') or (sku = '' and qty = 0));
alter table event add constraint event_short_closed_by_a_person_ck check (kind <> 'short_closed' or by_whom <> '');
alter table event add constraint event_amount_has_currency_ck check (amount_minor is null or currency <> '');
create trigger event_append_only before update or delete or truncate on event
for each statement execute function refuse_change();

-- a view keeps the columns it was made with
create or replace view event_now as
select distinct on (exit_id, source, event_id) *
from event
order by exit_id, source, event_id, version desc;
