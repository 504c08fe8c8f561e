-- The visitors' days that are judged to be a bot's, each with its reason, the first that holds. docs/bots.md says the
-- rules in words; whoever changes one raises BOT_RULES, so that what is stored is judged again.
with paused as (
    select
        v.*,
        case
            when v.is_page_view = 1
                then v.event_ms - lag(v.event_ms) over (
                    partition by v.tenant, v.visitor, v.day_number, v.is_page_view
                    order by v.event_ms, v.event_id, v.client_time
                )
        end as pause
    from visits as v
),
minutes as (
    select
        tenant,
        visitor,
        day_number,
        event_ms div 60000 as minute_number,
        sum(is_page_view) as page_views,
        sum(case when level = 'high' then 1 else 0 end) as high_events
    from visits
    group by tenant, visitor, day_number, event_ms div 60000
),
busy as (
    select tenant, visitor, day_number, count(*) as busy_minutes
    from minutes
    where page_views >= 20 or high_events >= 60
    group by tenant, visitor, day_number
),
days as (
    select
        tenant,
        visitor,
        day_number,
        count(*) as events,
        sum(is_page_view) as page_views,
        count(distinct case when is_page_view = 1 then page_url end) as pages,
        sum(case when level = 'high' then 1 else 0 end) as high_events,
        sum(is_bot) as bot_events,
        sum(case when is_page_view = 1 then is_bot else 0 end) as bot_page_views,
        max(is_driven) as is_driven,
        max(case when page_path = '/robots.txt' then 1 else 0 end) as asks_for_robots,
        sum(engaged_ms) as engaged_ms,
        sum(case when name in ('page_leave', 'engagement', 'web_vital', 'impression') then 1 else 0 end) as reports,
        sum(
            case
                when
                    name in (
                        'click', 'pointer', 'touch', 'scroll', 'copy', 'form', 'link', 'search', 'rage_click',
                        'dead_click'
                    )
                    then 1
                else 0
            end
        ) as gestures,
        sum(case when protocol = 'native' and is_page_view = 1 then 1 else 0 end) as native_page_views,
        count(pause) as pauses,
        cast(count(pause) as double) as pauses_number,
        cast(sum(pause) as double) as pauses_sum,
        cast(sum(pause * pause) as double) as pauses_squares
    from paused
    group by tenant, visitor, day_number
),
judged as (
    select
        d.tenant,
        d.visitor,
        d.day_number,
        case
            when d.bot_page_views > 0 then 'user_agent'
            when d.page_views = 0 and d.high_events = 0 and d.bot_events = d.events then 'user_agent'
            when d.is_driven = 1 then 'webdriver'
            when d.asks_for_robots = 1 then 'robots_txt'
            when b.busy_minutes >= 3 then 'rate'
            -- The coefficient of variation of the pauses is below 0.1.
            when
                d.pauses >= 20
                and d.pauses_sum > 0
                and 100 * d.pauses_number * d.pauses_squares < 101 * d.pauses_sum * d.pauses_sum
                then 'regularity'
            when d.page_views >= 100 and d.high_events = 0 and d.gestures = 0 and d.pages * 20 >= d.page_views * 19
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
    left join busy as b on d.tenant = b.tenant and d.visitor = b.visitor and d.day_number = b.day_number
)
select tenant, visitor, day_number, bot_reason
from judged
where bot_reason is not null
