-- the defaults that the first split rule had
update exit
set policy = '{"history_days": 28, "cover_multiple": 2, "discount_pct": 30}'::jsonb || policy;
