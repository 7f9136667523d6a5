-- grain: kind; what of an exit is open as far as winddown's own database knows it
select
    kind,
    qty,
    names
from exit_open(:exit_id)
order by kind
