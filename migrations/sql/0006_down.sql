-- everything of revision 0006

drop trigger approval_is_signed on approval;
drop function approval_is_signed();
alter table approval
drop column second_answer_id,
drop column second_user_id,
drop column second_user_name;
alter table approval_answer drop constraint approval_answer_ti_id_plan_id_digest_fk;
drop table approval_question;
drop function question_keeps_its_text();
alter table snapshot drop column started_by;
alter table exit
drop column approvers,
drop column authors;
