-- name: funnel
-- question: How many visits go through these steps, in this order, one strictly after the other within the visit?
-- parameter step_1 varchar product_view: The event of the first step.
-- parameter step_2 varchar add_to_cart: The event of the second step; '' ends the funnel before it.
-- parameter step_3 varchar checkout: The event of the third step; '' ends the funnel before it.
-- parameter step_4 varchar purchase: The event of the fourth step; '' ends the funnel before it.
-- parameter from_day date 1970-01-01: The first UTC day on which the visits begin.
-- parameter to_day date 9999-12-31: The last UTC day on which the visits begin.
with happened as (
    select s.session_id, e.visitor, e.name, e.event_time
    from events e
    join sessions s
        on s.tenant = e.tenant
        and s.visitor = e.visitor
        and e.event_time between s.started_at and s.ended_at
    where e.tenant = :tenant
        and s.tenant = :tenant
        and not e.is_bot
        and not s.is_bot
        and e.name in (:step_1, :step_2, :step_3, :step_4)
        and cast(s.started_at as date) between :from_day and :to_day
),
first_step as (
    select h.session_id, h.visitor, min(h.event_time) as reached_at
    from happened h
    where h.name = :step_1
    group by h.session_id, h.visitor
),
second_step as (
    select h.session_id, h.visitor, min(h.event_time) as reached_at
    from happened h
    join first_step before on before.session_id = h.session_id
    where h.name = :step_2 and h.event_time > before.reached_at
    group by h.session_id, h.visitor
),
third_step as (
    select h.session_id, h.visitor, min(h.event_time) as reached_at
    from happened h
    join second_step before on before.session_id = h.session_id
    where h.name = :step_3 and h.event_time > before.reached_at
    group by h.session_id, h.visitor
),
fourth_step as (
    select h.session_id, h.visitor, min(h.event_time) as reached_at
    from happened h
    join third_step before on before.session_id = h.session_id
    where h.name = :step_4 and h.event_time > before.reached_at
    group by h.session_id, h.visitor
),
steps as (
    select 1 as step, :step_1 as event, count(*) as sessions, count(distinct r.visitor) as visitors from first_step r
    union all
    select 2 as step, :step_2 as event, count(*) as sessions, count(distinct r.visitor) as visitors from second_step r
    union all
    select 3 as step, :step_3 as event, count(*) as sessions, count(distinct r.visitor) as visitors from third_step r
    union all
    select 4 as step, :step_4 as event, count(*) as sessions, count(distinct r.visitor) as visitors from fourth_step r
)
select
    t.step,
    t.event,
    t.sessions,
    t.visitors,
    100e0 * t.sessions / nullif(first_value(t.sessions) over (order by t.step), 0) as percent_of_first,
    100e0 * t.sessions / nullif(lag(t.sessions) over (order by t.step), 0) as percent_of_previous
from steps t
where t.event <> ''
order by t.step
