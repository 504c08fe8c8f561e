-- A row is a visit that begins on a rework day. It is a bot's if its visitor was judged one on a day that it touches; the
-- reason is that of its first such day. A visit bounces if it sees one page at most, for less than ten seconds of
-- engagement, and nothing that the customer's business knows happens.
with totals as (
    select
        who,
        visit_number,
        min(event_ms) as started_ms,
        max(event_ms) as ended_ms,
        max(event_ms) - min(event_ms) as duration_ms,
        cast(min(event_ms) div 86400000 as int) as day_number,
        count(*) as events,
        sum(is_low) as low_events,
        sum(is_mid) as mid_events,
        sum(is_high) as high_events,
        sum(is_page_view) as page_views,
        cast(max(event_ms) div 86400000 as int) as last_day_number,
        sum(engaged_ms) as engaged_ms,
        sum(is_goal) as conversions,
        coalesce(sum(goal_value), 0) as value
    from visits
    group by who, visit_number
)
select
    v.tenant,
    v.session_id,
    v.visitor,
    u.user_id,
    cast(timestamp_millis(s.started_ms) as timestamp_ntz) as started_at,
    cast(timestamp_millis(s.ended_ms) as timestamp_ntz) as ended_at,
    s.duration_ms,
    s.events,
    s.low_events,
    s.mid_events,
    s.high_events,
    s.page_views,
    a.page_path as landing_path,
    z.page_path as exit_path,
    v.referrer_host,
    v.utm_source,
    v.utm_medium,
    v.utm_campaign,
    v.channel,
    v.device,
    v.browser,
    v.os,
    coalesce(f.bot_reason, l.bot_reason) is not null as is_bot,
    s.engaged_ms,
    s.conversions,
    s.conversions > 0 as converted,
    s.value,
    s.page_views <= 1 and s.high_events = 0 and s.conversions = 0 and s.engaged_ms < 10000 as bounced,
    v.country,
    coalesce(f.bot_reason, l.bot_reason) as bot_reason
from totals as s
inner join visit_starts as v
    on s.who = v.who and s.visit_number = v.visit_number and v.is_visit = 1
inner join rework_visits as r
    on s.who = r.who and s.day_number = r.day_number
left join visit_users as u
    on s.who = u.who and s.visit_number = u.visit_number and u.place_in_visit = 1
left join visit_pages as a
    on s.who = a.who and s.visit_number = a.visit_number and a.place = 1
left join visit_pages as z
    on s.who = z.who and s.visit_number = z.visit_number and z.is_last = 1
left join bot_days as f
    on s.who = f.who and s.day_number = f.day_number
left join bot_days as l
    on s.who = l.who and s.last_day_number = l.day_number
