-- everything of revision 0007

drop trigger prices_never_go_back on effect;
drop index effect_of_conflict_ix;
drop table price_change;
drop function prices_never_go_back, price_change_is_fixed, price_changes_follow;
