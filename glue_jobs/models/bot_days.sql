-- The visitors' days that are judged to be a bot's, each with its reason, the first that holds. docs/bots.md says the
-- rules in words; whoever changes one raises BOT_RULES, so that what is stored is judged again.
with paused as (
    select
        who,
        day_number,
        page_url,
        event_ms - lag(event_ms) over (
            partition by who, day_number order by event_ms, event_id, client_time
        ) as pause
    from visit_pages
),
pages as (
    select
        who,
        day_number,
        count(distinct page_url) as pages,
        count(pause) as pauses,
        cast(count(pause) as double) as pauses_number,
        cast(sum(pause) as double) as pauses_sum,
        cast(sum(pause * pause) as double) as pauses_squares
    from paused
    group by who, day_number
),
minutes as (
    select
        who,
        day_number,
        event_ms div 60000 as minute_number,
        sum(is_page_view) as page_views,
        sum(is_high) as high_events
    from visits
    where is_page_view = 1 or is_high = 1
    group by who, day_number, event_ms div 60000
),
busy as (
    select who, day_number, count(*) as busy_minutes
    from minutes
    where page_views >= 20 or high_events >= 60
    group by who, day_number
),
days as (
    select
        who,
        day_number,
        count(*) as events,
        sum(is_page_view) as page_views,
        sum(is_high) as high_events,
        sum(is_bot) as bot_events,
        sum(case when is_page_view = 1 then is_bot else 0 end) as bot_page_views,
        max(is_driven) as is_driven,
        max(asks_for_robots) as asks_for_robots,
        sum(engaged_ms) as engaged_ms,
        sum(is_report) as reports,
        sum(is_gesture) as gestures,
        sum(case when is_native = 1 and is_page_view = 1 then 1 else 0 end) as native_page_views
    from visits
    group by who, day_number
),
judged as (
    select
        d.who,
        d.day_number,
        case
            when d.bot_page_views > 0 then 'user_agent'
            when d.page_views = 0 and d.high_events = 0 and d.bot_events = d.events then 'user_agent'
            when d.is_driven = 1 then 'webdriver'
            when d.asks_for_robots = 1 then 'robots_txt'
            when b.busy_minutes >= 3 then 'rate'
            -- The coefficient of variation of the pauses is below 0.1.
            when
                p.pauses >= 20
                and p.pauses_sum > 0
                and 100 * p.pauses_number * p.pauses_squares < 101 * p.pauses_sum * p.pauses_sum
                then 'regularity'
            when d.page_views >= 100 and d.high_events = 0 and d.gestures = 0 and p.pages * 20 >= d.page_views * 19
                then 'breadth'
            when
                d.native_page_views >= 15
                and d.reports > 0
                and d.gestures = 0
                and d.high_events = 0
                and d.engaged_ms = 0
                then 'idle'
        end as bot_reason
    from days as d
    left join pages as p on d.who = p.who and d.day_number = p.day_number
    left join busy as b on d.who = b.who and d.day_number = b.day_number
)
select who, day_number, bot_reason
from judged
where bot_reason is not null
