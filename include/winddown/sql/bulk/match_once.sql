-- grain: leg, account_id, event_key; the newest edition of each event
create temp view once as
select tidy.*
from tidy
anti join (select row_id from ranked where not is_first) as older on tidy.row_id = older.row_id
