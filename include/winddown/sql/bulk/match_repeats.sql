-- grain: leg; how many rows came, how many events they are, how many rows only repeated one, how many were restated
with rows_of_legs as (
    select leg, count(*) as rows_in
    from tidy
    group by leg
),

again as (
    select leg, count(*) filter (where not is_first) as repeats, count(*) filter (where is_first and is_restated) as restated
    from ranked
    group by leg
)

select
    rows_of_legs.leg,
    rows_of_legs.rows_in,
    rows_of_legs.rows_in - coalesce(again.repeats, 0) as events,
    coalesce(again.repeats, 0) as repeats,
    coalesce(again.restated, 0) as restated
from rows_of_legs
left join again on rows_of_legs.leg = again.leg
order by rows_of_legs.leg
