-- grain: that of the parts; all parts of a kind, one after the other
select * from parts
