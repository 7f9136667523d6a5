-- everything of revision 0003

drop table plan_decision;
drop function plan_decisions_have_a_plan();
