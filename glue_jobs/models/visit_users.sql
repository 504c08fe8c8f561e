-- The events of the window that name a user, of each visit and each visitor's day those of its last moment at least: the
-- last of each has place 1. Texts are put in order only where a moment has several.
with seen as (
    select v.who, v.visit_number, v.day_number, v.event_ms, e.user_id, e.event_id, e.client_time
    from visits as v
    inner join stored_events as e on v.event = e.number
    where e.user_id is not null
),
visit_ends as (
    select who, visit_number, max(event_ms) as event_ms
    from seen
    group by who, visit_number
),
day_ends as (
    select who, day_number, max(event_ms) as event_ms
    from seen
    group by who, day_number
)
select
    s.who,
    s.visit_number,
    s.day_number,
    s.user_id,
    row_number() over (
        partition by s.who, s.visit_number order by s.event_ms desc, s.event_id desc, s.client_time desc
    ) as place_in_visit,
    row_number() over (
        partition by s.who, s.day_number order by s.event_ms desc, s.event_id desc, s.client_time desc
    ) as place_in_day
from seen as s
inner join visit_ends as v on s.who = v.who and s.visit_number = v.visit_number
inner join day_ends as d on s.who = d.who and s.day_number = d.day_number
where s.event_ms = v.event_ms or s.event_ms = d.event_ms
