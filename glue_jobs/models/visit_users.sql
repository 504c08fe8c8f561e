-- The events of the window that name a user: the last of each visit, and of each visitor's day, has place 1.
with named as (
    select number, user_id, event_id, client_time
    from stored_events
    where user_id is not null
)
select
    v.who,
    v.visit_number,
    v.day_number,
    n.user_id,
    row_number() over (
        partition by v.who, v.visit_number order by v.event_ms desc, n.event_id desc, n.client_time desc
    ) as place_in_visit,
    row_number() over (
        partition by v.who, v.day_number order by v.event_ms desc, n.event_id desc, n.client_time desc
    ) as place_in_day
from visits as v
inner join named as n on v.event = n.number
