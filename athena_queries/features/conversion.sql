-- name: conversion
-- question: What was known of each visit when its opening seconds were over, and did it convert after them?
-- Nothing of a row, `converted` aside, is later than started_at + opening_ms: the landing, the events of the opening,
-- and the totals of the visitor's visits before this one. Visits that reach the goal within the opening are left out.
-- parameter goal varchar purchase: The event that converts.
-- parameter opening_ms bigint 60000: How many milliseconds of the visit are seen.
-- parameter from_time timestamp 1970-01-01: The first time (UTC) at which the visits begin.
-- parameter as_of timestamp -: The time (UTC) up to which the visits begin.
with visits as (
    select
        s.session_id,
        s.visitor,
        s.started_at,
        s.ended_at,
        s.channel,
        s.device,
        s.browser,
        s.os,
        s.landing_path,
        s.referrer_host,
        s.utm_source,
        s.utm_medium,
        row_number() over (partition by s.visitor order by s.started_at, s.session_id) - 1 as visits_before,
        sum(s.page_views) over (
            partition by s.visitor order by s.started_at, s.session_id
            rows between unbounded preceding and 1 preceding
        ) as page_views_before,
        sum(s.high_events) over (
            partition by s.visitor order by s.started_at, s.session_id
            rows between unbounded preceding and 1 preceding
        ) as high_events_before,
        sum(s.engaged_ms) over (
            partition by s.visitor order by s.started_at, s.session_id
            rows between unbounded preceding and 1 preceding
        ) as engaged_ms_before,
        sum(s.duration_ms) over (
            partition by s.visitor order by s.started_at, s.session_id
            rows between unbounded preceding and 1 preceding
        ) as duration_ms_before,
        sum(s.conversions) over (
            partition by s.visitor order by s.started_at, s.session_id
            rows between unbounded preceding and 1 preceding
        ) as conversions_before,
        sum(if(s.bounced, 1, 0)) over (
            partition by s.visitor order by s.started_at, s.session_id
            rows between unbounded preceding and 1 preceding
        ) as bounces_before,
        lag(s.ended_at) over (partition by s.visitor order by s.started_at, s.session_id) as last_visit_ended_at,
        first_value(s.started_at) over (partition by s.visitor order by s.started_at, s.session_id) as first_visit_at
    from sessions s
    where s.tenant = :tenant
        and not s.is_bot
        and s.started_at <= :as_of
),
chosen as (
    select *
    from visits
    where started_at >= :from_time
),
placed as (
    select
        c.session_id,
        e.name,
        e.level,
        e.page_path,
        e.scroll_depth,
        e.engaged_ms,
        date_diff('millisecond', c.started_at, e.event_time) as ms
    from chosen c
    join events e
        on e.visitor = c.visitor
        and e.event_time between c.started_at and c.ended_at
    where e.tenant = :tenant
        and not e.is_bot
),
openings as (
    select
        session_id,
        count_if(ms <= :opening_ms) as opening_events,
        count_if(ms <= :opening_ms and name = 'page_view') as opening_page_views,
        count_if(ms <= :opening_ms and name = 'product_view') as opening_product_views,
        count_if(ms <= :opening_ms and name = 'search') as opening_searches,
        count_if(ms <= :opening_ms and name = 'add_to_cart') as opening_carts,
        count_if(ms <= :opening_ms and level = 'low') as opening_low_events,
        count_if(ms <= :opening_ms and level = 'high') as opening_high_events,
        count(distinct if(ms <= :opening_ms, page_path)) as opening_pages,
        max(if(ms <= :opening_ms, scroll_depth)) as opening_scroll_depth,
        sum(if(ms <= :opening_ms, engaged_ms)) as opening_engaged_ms,
        max(if(ms <= :opening_ms, ms)) as opening_last_ms,
        count_if(ms <= :opening_ms and name = :goal) as opening_goals,
        count_if(ms > :opening_ms and name = :goal) as later_goals
    from placed
    group by session_id
)
select
    c.session_id,
    c.visitor,
    c.started_at,
    c.ended_at,
    o.later_goals > 0 as converted,
    c.channel,
    c.device,
    c.browser,
    c.os,
    coalesce('/' || split_part(c.landing_path, '/', 2), '') as landing,
    c.referrer_host,
    c.utm_source,
    c.utm_medium,
    hour(c.started_at) as hour,
    day_of_week(c.started_at) as week_day,
    o.opening_events,
    o.opening_page_views,
    o.opening_product_views,
    o.opening_searches,
    o.opening_carts,
    o.opening_low_events,
    o.opening_high_events,
    o.opening_pages,
    o.opening_scroll_depth,
    o.opening_engaged_ms,
    o.opening_last_ms,
    c.visits_before,
    coalesce(c.page_views_before, 0) as page_views_before,
    coalesce(c.high_events_before, 0) as high_events_before,
    coalesce(c.engaged_ms_before, 0) as engaged_ms_before,
    coalesce(c.duration_ms_before, 0) as duration_ms_before,
    coalesce(c.conversions_before, 0) as conversions_before,
    coalesce(c.bounces_before, 0) as bounces_before,
    date_diff('minute', c.last_visit_ended_at, c.started_at) as minutes_since_last_visit,
    date_diff('minute', c.first_visit_at, c.started_at) as minutes_since_first_visit
from chosen c
join openings o on o.session_id = c.session_id
where o.opening_goals = 0
order by c.started_at, c.session_id
