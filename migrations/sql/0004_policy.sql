-- settings of the first split rule; exits opened before keep all others
update exit
set policy = policy - 'history_days' - 'cover_multiple' - 'discount_pct';
