-- grain: plan_id; every approved plan of the exit
select plan_id
from plan
where exit_id = :exit_id and state = 'approved'
order by plan_id
