-- everything of revision 0015

drop table rejoin;
drop function rejoin_is_kept();
