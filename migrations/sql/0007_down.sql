-- everything of revision 0007; a plan that stands within another stops the way back

drop trigger plan_stands_within on plan;
drop function plan_stands_within;
alter table plan
    drop constraint plan_within_has_plan_ck,
    drop constraint plan_state_ck,
    add constraint plan_state_ck check (state in ('proposed', 'approved', 'rejected', 'expired', 'superseded')),
    drop constraint plan_within_plan_id_exit_id_fk,
    drop column within_plan_id;
drop trigger prices_never_go_back on effect;
drop index effect_of_conflict_ix;
drop table price_change;
drop function prices_never_go_back, price_change_is_fixed, price_changes_follow;
