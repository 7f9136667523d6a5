-- everything of revision 0010

drop table application;
drop function application_is_kept();
drop trigger effect_of_an_exit_that_leaves on effect;
drop function effect_of_an_exit_that_leaves();
drop trigger exit_state_has_move on exit;
drop trigger exit_begun on exit;
drop trigger exit_begins on exit;
drop table exit_move;
drop function exit_state_has_move();
drop function exit_moved();
drop function exit_move_follows();
drop function exit_begun();
drop function exit_begins();
drop function exit_may_move(text, text);

alter table exit drop constraint exit_state_ck;
alter table exit alter column state set default 'open';
update exit set state = 'open' where state <> 'closed';
alter table exit add constraint exit_state_ck check (state in ('open', 'closed'));
