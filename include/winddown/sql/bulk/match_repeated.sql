-- grain: hash of an event's key that more than one row has; only those rows are ranked
create temp table repeated as
select hash(leg, account_id, event_key) as key_hash, count(*) as copies
from tidy
group by key_hash
having count(*) > 1
