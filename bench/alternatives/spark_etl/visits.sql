-- The events in order, each with the number of its visit and of its page in the visit.
with timed as (
    select
        e.tenant,
        e.visitor,
        e.user_id,
        e.event_id,
        e.name,
        e.level,
        e.event_time,
        e.client_time,
        e.event_ms,
        e.day_number,
        e.page_url,
        e.page_host,
        e.page_path,
        e.page_title,
        e.referrer,
        e.referrer_host,
        e.utm_source,
        e.utm_medium,
        e.utm_campaign,
        case when e.channel = 'internal' then 'direct' else e.channel end as channel,
        e.device,
        e.browser,
        e.os,
        case when e.is_bot then 1 else 0 end as is_bot,
        case when e.webdriver then 1 else 0 end as is_driven,
        e.protocol,
        e.country,
        case when e.name in ('engagement', 'page_leave') then coalesce(e.engaged_ms, 0) else 0 end as engaged_ms,
        e.scroll_depth,
        case when e.name = 'page_view' then 1 else 0 end as is_page_view,
        case when e.name = 'click' then 1 else 0 end as is_click,
        case when e.name = 'web_vital' then e.metric end as metric,
        case when e.name = 'web_vital' then e.value end as metric_value,
        case when e.name = 'purchase' then 1 else 0 end as is_goal,
        case when e.name = 'purchase' then e.value end as goal_value,
        1800000 as session_gap_ms
    from events as e
    where e.visitor <> ''
),
gaps as (
    select
        timed.*,
        case
            when event_ms - lag(event_ms) over (
                partition by tenant, visitor order by event_ms, event_id, client_time
            ) <= session_gap_ms then 0
            else 1
        end as after_gap
    from timed
),
days as (
    select
        gaps.*,
        sum(after_gap) over (partition by tenant, visitor, day_number) as gaps_in_day
    from gaps
),
starts as (
    select
        days.*,
        case
            when after_gap = 1 then 1
            when
                lag(day_number) over (partition by tenant, visitor order by event_ms, event_id, client_time) < day_number
                and lag(gaps_in_day) over (partition by tenant, visitor order by event_ms, event_id, client_time) = 0
                then 1
            else 0
        end as is_start
    from days
),
numbered as (
    select
        starts.*,
        sum(is_start) over (
            partition by tenant, visitor
            order by event_ms, event_id, client_time
            rows between unbounded preceding and current row
        ) as visit_number
    from starts
),
paged as (
    select
        numbered.*,
        sum(is_page_view) over (
            partition by tenant, visitor, visit_number
            order by event_ms, 1 - is_page_view, event_id, client_time
            rows between unbounded preceding and current row
        ) as latest_page
    from numbered
)
select
    paged.*,
    coalesce(
        case
            when page_url is not null
                then max(case when is_page_view = 1 then latest_page end) over (
                    partition by tenant, visitor, visit_number, page_url
                    order by event_ms, 1 - is_page_view, event_id, client_time
                    rows between unbounded preceding and current row
                )
        end,
        latest_page
    ) as page_number,
    row_number() over (
        partition by tenant, visitor, visit_number order by event_ms, event_id, client_time
    ) as place,
    row_number() over (
        partition by tenant, visitor, visit_number, is_page_view order by event_ms, event_id, client_time
    ) as place_of_kind,
    row_number() over (
        partition by tenant, visitor, visit_number, is_page_view
        order by event_ms desc, event_id desc, client_time desc
    ) as place_of_kind_from_end,
    row_number() over (
        partition by tenant, visitor, visit_number
        order by case when user_id is null then 1 else 0 end, event_ms desc, event_id desc, client_time desc
    ) as place_of_user
from paged
