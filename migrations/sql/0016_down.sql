-- everything of revision 0016

drop trigger discrepancy_is_settled on discrepancy;
drop function discrepancy_is_settled();
drop table claim_settlement_line;
drop table claim_settlement;
alter table discrepancy drop column lapse_told_on;
drop trigger event_append_only on event;
delete from event where source = 'claim';
alter table event drop constraint event_source_ck;
alter table event add constraint event_source_ck check (source in ('desk', 'dock'));
create trigger event_append_only before update or delete or truncate on event
for each statement execute function refuse_change();
