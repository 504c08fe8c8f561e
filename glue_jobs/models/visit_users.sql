-- The events of the window that name a user: the last of each visit, and of each visitor's day, has place 1.
select
    tenant,
    visitor,
    visit_number,
    day_number,
    user_id,
    row_number() over (
        partition by tenant, visitor, visit_number order by event_ms desc, event_id desc, client_time desc
    ) as place_in_visit,
    row_number() over (
        partition by tenant, visitor, day_number order by event_ms desc, event_id desc, client_time desc
    ) as place_in_day
from visits
where user_id is not null
