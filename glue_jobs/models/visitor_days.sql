-- A row is a visitor's rework day; a visit counts on the day it begins.
with totals as (
    select
        who,
        day_number,
        min(event_ms) as first_ms,
        max(event_ms) as last_ms,
        count(*) as events,
        sum(is_page_view) as page_views,
        sum(engaged_ms) as engaged_ms,
        sum(is_goal) as conversions,
        coalesce(sum(goal_value), 0) as value
    from visits
    group by who, day_number
),
begun as (
    select who, day_number, sum(is_visit) as sessions
    from visit_starts
    group by who, day_number
)
select
    f.tenant,
    f.visitor,
    date_from_unix_date(d.day_number) as day,
    u.user_id,
    cast(timestamp_millis(d.first_ms) as timestamp_ntz) as first_seen,
    cast(timestamp_millis(d.last_ms) as timestamp_ntz) as last_seen,
    f.channel as first_channel,
    d.events,
    d.page_views,
    s.sessions,
    d.engaged_ms,
    d.conversions,
    d.value,
    f.device,
    b.bot_reason is not null as is_bot,
    f.country,
    b.bot_reason
from totals as d
inner join rework_visits as r
    on d.who = r.who and d.day_number = r.day_number
inner join begun as s
    on d.who = s.who and d.day_number = s.day_number
inner join visit_starts as f
    on d.who = f.who and d.day_number = f.day_number and f.is_day = 1
left join visit_users as u
    on d.who = u.who and d.day_number = u.day_number and u.place_in_day = 1
left join bot_days as b
    on d.who = b.who and d.day_number = b.day_number
