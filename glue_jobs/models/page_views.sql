-- A row is a page view of a rework day, with what happened on the page. A web vital that is told several times only grows:
-- its last word is the largest.
-- An event belongs to the latest page view at or before it in its visit with the same address; where there is none, to
-- the latest page view. So two tabs that take turns do not take each other's time. Events are put together before that,
-- by the latest page view and their address: it is few rows that are ordered by addresses.
with placed as (
    select
        who,
        visit_number,
        event_ms,
        address,
        is_page_view,
        engaged_ms,
        scroll_depth,
        is_click,
        metric,
        metric_value,
        sum(is_page_view) over (
            partition by who, visit_number
            order by event_ms
            range between unbounded preceding and current row
        ) as latest_page
    from visits
),
pieces as (
    select
        who,
        visit_number,
        address,
        cast(latest_page as int) as place,
        0 as is_page_view,
        min(event_ms) as started_ms,
        max(event_ms) as ended_ms,
        count(*) as events,
        sum(engaged_ms) as engaged_ms,
        max(scroll_depth) as scroll_depth,
        sum(is_click) as clicks,
        max(case when metric = 1 then metric_value end) as lcp_ms,
        max(case when metric = 2 then metric_value end) as inp_ms,
        max(case when metric = 3 then metric_value end) as fcp_ms,
        max(case when metric = 4 then metric_value end) as ttfb_ms,
        max(case when metric = 5 then metric_value end) as cls
    from placed
    where is_page_view = 0 and latest_page > 0
    group by who, visit_number, address, latest_page
    union all
    select
        who,
        visit_number,
        address,
        place,
        1 as is_page_view,
        event_ms as started_ms,
        event_ms as ended_ms,
        1 as events,
        0 as engaged_ms,
        scroll_depth,
        0 as clicks,
        null as lcp_ms,
        null as inp_ms,
        null as fcp_ms,
        null as ttfb_ms,
        null as cls
    from visit_pages
),
paged as (
    select
        pieces.*,
        coalesce(
            case
                when is_page_view = 0 and address is not null
                    then max(case when is_page_view = 1 then place end) over (
                        partition by who, visit_number, address
                        order by place
                        range between unbounded preceding and current row
                    )
            end,
            place
        ) as page_number
    from pieces
),
totals as (
    select
        who,
        visit_number,
        page_number,
        min(started_ms) as started_ms,
        max(ended_ms) as ended_ms,
        sum(events) as events,
        sum(engaged_ms) as engaged_ms,
        max(scroll_depth) as scroll_depth,
        sum(clicks) as clicks,
        max(lcp_ms) as lcp_ms,
        max(inp_ms) as inp_ms,
        max(fcp_ms) as fcp_ms,
        max(ttfb_ms) as ttfb_ms,
        max(cls) as cls,
        cast(min(started_ms) div 86400000 as int) as day_number
    from paged
    group by who, visit_number, page_number
)
select
    v.tenant,
    substring(sha2(concat(v.session_id, '|', cast(p.page_number as string), '|', g.event_id), 256), 1, 32)
        as page_view_id,
    v.session_id,
    v.visitor,
    cast(timestamp_millis(p.started_ms) as timestamp_ntz) as started_at,
    cast(timestamp_millis(p.ended_ms) as timestamp_ntz) as ended_at,
    g.page_url,
    g.page_host,
    g.page_path,
    g.page_title,
    g.referrer,
    p.page_number as position,
    p.events,
    p.engaged_ms,
    p.scroll_depth,
    b.bot_reason is not null as is_bot,
    p.clicks,
    p.lcp_ms,
    p.inp_ms,
    p.fcp_ms,
    p.ttfb_ms,
    p.cls,
    b.bot_reason
from totals as p
inner join visit_starts as v
    on p.who = v.who and p.visit_number = v.visit_number and v.is_visit = 1
inner join visit_pages as g
    on
        p.who = g.who
        and p.visit_number = g.visit_number
        and p.page_number = g.place
inner join rework_visits as r
    on
        p.who = r.who
        and p.day_number = r.day_number
left join bot_days as b
    on p.who = b.who and p.day_number = b.day_number
