-- everything of revision 0013

drop table own_alert;
drop function own_alert_is_told_once();
