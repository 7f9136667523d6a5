-- everything of revision 0002

drop table stock_difference, restatement;
