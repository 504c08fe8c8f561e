-- The events of the window, each with the number of its visit. The rows are kept narrow, for they are many: numbers stand
-- for the event (of stored_events), its visitor (of visit_visitors) and its address (of visit_urls), and what else is told
-- of a visit's first event, or of a page, is looked up (visit_starts, visit_pages).
-- A visit begins after a gap above the tenant's, or at midnight after a day that was filled without a gap. Events of one
-- day within a gap's length of the clock (`span`) are of one visit: only spans are put in order, and they are few.
with timed as (
    select
        w.who,
        e.number as event,
        unix_millis(cast(e.event_time as timestamp)) as event_ms,
        w.day_number,
        a.number as address,
        case when e.level = 'low' then 1 else 0 end as is_low,
        case when e.level = 'mid' then 1 else 0 end as is_mid,
        case when e.level = 'high' then 1 else 0 end as is_high,
        case when e.is_bot then 1 else 0 end as is_bot,
        case when e.webdriver then 1 else 0 end as is_driven,
        case when e.page_path = '/robots.txt' then 1 else 0 end as asks_for_robots,
        case when e.protocol = 'native' then 1 else 0 end as is_native,
        case when e.name in ('page_leave', 'engagement', 'web_vital', 'impression') then 1 else 0 end as is_report,
        case
            when
                e.name in (
                    'click', 'pointer', 'touch', 'scroll', 'copy', 'form', 'link', 'search', 'rage_click', 'dead_click'
                )
                then 1
            else 0
        end as is_gesture,
        case when e.name in ('engagement', 'page_leave') then coalesce(e.engaged_ms, 0) else 0 end as engaged_ms,
        e.scroll_depth,
        case when e.name = 'page_view' then 1 else 0 end as is_page_view,
        case when e.name = 'click' then 1 else 0 end as is_click,
        case
            when e.name <> 'web_vital' then 0
            when e.metric = 'LCP' then 1
            when e.metric = 'INP' then 2
            when e.metric = 'FCP' then 3
            when e.metric = 'TTFB' then 4
            when e.metric = 'CLS' then 5
            else 0
        end as metric,
        case when e.name = 'web_vital' then e.value end as metric_value,
        case when g.goal is not null then 1 else 0 end as is_goal,
        case when g.goal is not null then e.value end as goal_value,
        t.session_gap_ms,
        unix_millis(cast(e.event_time as timestamp)) div t.session_gap_ms as span
    from stored_events as e
    inner join tenants as t on e.tenant = t.tenant
    left join goals as g on e.tenant = g.tenant and e.name = g.goal
    left join visit_urls as a on e.page_url = a.page_url
    inner join visit_days as w
        on
            e.tenant = w.tenant
            and e.visitor = w.visitor
            and cast(unix_millis(cast(e.event_time as timestamp)) div 86400000 as int) = w.day_number
),
spans as (
    select
        who,
        day_number,
        span,
        min(event_ms) as first_ms,
        max(event_ms) as last_ms,
        max(session_gap_ms) as session_gap_ms
    from timed
    group by who, day_number, span
),
placed as (
    select
        who,
        day_number,
        span,
        first_ms,
        session_gap_ms,
        lag(last_ms) over (partition by who order by first_ms) as ms_before,
        lag(day_number) over (partition by who order by first_ms) as day_before
    from spans
),
gaps as (
    select
        placed.*,
        case when first_ms - ms_before <= session_gap_ms then 0 else 1 end as after_gap
    from placed
),
filled as (
    select who, day_number
    from (
        select who, day_number, sum(after_gap) as gaps
        from gaps
        group by who, day_number
    ) as days
    where gaps = 0
),
starts as (
    select
        g.*,
        case
            when g.after_gap = 1 then 1
            when g.day_before < g.day_number and f.day_number is not null then 1
            else 0
        end as is_start
    from gaps as g
    left join filled as f on g.who = f.who and g.day_before = f.day_number
),
numbered as (
    select
        who,
        day_number,
        span,
        cast(
            sum(is_start) over (
                partition by who order by first_ms rows between unbounded preceding and current row
            ) as int
        ) as visit_number,
        max(case when is_start = 1 then first_ms end) over (
            partition by who order by first_ms rows between unbounded preceding and current row
        ) as visit_ms,
        max(case when day_before is null or day_before < day_number then first_ms end) over (
            partition by who order by first_ms rows between unbounded preceding and current row
        ) as day_ms
    from starts
)
select
    t.who,
    t.event,
    t.event_ms,
    t.day_number,
    t.address,
    t.is_low,
    t.is_mid,
    t.is_high,
    t.is_bot,
    t.is_driven,
    t.asks_for_robots,
    t.is_native,
    t.is_report,
    t.is_gesture,
    t.engaged_ms,
    t.scroll_depth,
    t.is_page_view,
    t.is_click,
    t.metric,
    t.metric_value,
    t.is_goal,
    t.goal_value,
    n.visit_number,
    n.visit_ms,
    n.day_ms
from timed as t
inner join numbered as n
    on t.who = n.who and t.day_number = n.day_number and t.span = n.span
