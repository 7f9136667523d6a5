-- everything of revision 0012

drop trigger exit_move_may_close on exit_move;
drop function exit_move_may_close();
drop function exit_open(text);
drop table hand_over_step;
