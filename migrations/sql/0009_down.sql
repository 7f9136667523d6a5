-- everything of revision 0009

drop table desk_answer, desk_question;
