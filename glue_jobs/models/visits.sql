-- The events of the window, each with the number of its visit and of its page in the visit. The rows are kept narrow, for
-- they are sorted: numbers stand for the event (of stored_events), its visitor (of visit_visitors) and its address (of
-- visit_urls), and what else is told of a visit's first event, or of a page, is looked up (visit_starts, visit_pages).
-- A visit begins after a gap above the tenant's, or at midnight after a day that was filled without a gap.
-- An event belongs to the latest page view at or before it in its visit with the same address; where there is none, to
-- the latest page view. So two tabs that take turns do not take each other's time.
with timed as (
    select
        w.who,
        e.number as event,
        e.event_id,
        e.client_time,
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
        case when e.name = 'web_vital' then e.metric end as metric,
        case when e.name = 'web_vital' then e.value end as metric_value,
        case when g.goal is not null then 1 else 0 end as is_goal,
        case when g.goal is not null then e.value end as goal_value,
        t.session_gap_ms
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
-- A page view stands before what else happened in its millisecond; which of these is first makes no visit another.
placed as (
    select
        who,
        event,
        event_ms,
        day_number,
        address,
        is_low,
        is_mid,
        is_high,
        is_bot,
        is_driven,
        asks_for_robots,
        is_native,
        is_report,
        is_gesture,
        engaged_ms,
        scroll_depth,
        is_page_view,
        is_click,
        metric,
        metric_value,
        is_goal,
        goal_value,
        session_gap_ms,
        lag(event_ms) over (
            partition by who order by event_ms, 1 - is_page_view, event_id, client_time
        ) as ms_before,
        lag(day_number) over (
            partition by who order by event_ms, 1 - is_page_view, event_id, client_time
        ) as day_before,
        row_number() over (
            partition by who order by event_ms, 1 - is_page_view, event_id, client_time
        ) as number,
        sum(is_page_view) over (
            partition by who
            order by event_ms, 1 - is_page_view, event_id, client_time
            rows between unbounded preceding and current row
        ) as pages_so_far
    from timed
),
gaps as (
    select
        placed.*,
        case when event_ms - ms_before <= session_gap_ms then 0 else 1 end as after_gap
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
        starts.*,
        cast(
            sum(is_start) over (
                partition by who order by number rows between unbounded preceding and current row
            ) as int
        ) as visit_number,
        max(case when is_start = 1 then event_ms end) over (
            partition by who order by number rows between unbounded preceding and current row
        ) as visit_ms,
        max(case when day_before is null or day_before < day_number then event_ms end) over (
            partition by who order by number rows between unbounded preceding and current row
        ) as day_ms,
        max(case when is_start = 1 then pages_so_far - is_page_view end) over (
            partition by who order by number rows between unbounded preceding and current row
        ) as pages_before
    from starts
),
paged as (
    select
        numbered.*,
        cast(pages_so_far - pages_before as int) as latest_page
    from numbered
)
select
    who,
    event,
    event_ms,
    day_number,
    is_low,
    is_mid,
    is_high,
    is_bot,
    is_driven,
    asks_for_robots,
    is_native,
    is_report,
    is_gesture,
    engaged_ms,
    scroll_depth,
    is_page_view,
    is_click,
    metric,
    metric_value,
    is_goal,
    goal_value,
    is_start,
    visit_number,
    visit_ms,
    day_ms,
    coalesce(
        case
            when address is not null
                then max(case when is_page_view = 1 then latest_page end) over (
                    partition by who, visit_number, address
                    order by number
                    rows between unbounded preceding and current row
                )
        end,
        latest_page
    ) as page_number
from paged
