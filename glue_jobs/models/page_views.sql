-- A row is a page view of a rework day, with what happened on the page (visits.sql says what belongs to it). A web vital
-- that is told several times only grows: its last word is the largest.
with totals as (
    select
        who,
        visit_number,
        page_number,
        min(event_ms) as started_ms,
        max(event_ms) as ended_ms,
        count(*) as events,
        sum(engaged_ms) as engaged_ms,
        max(scroll_depth) as scroll_depth,
        sum(is_click) as clicks,
        max(case when metric = 'LCP' then metric_value end) as lcp_ms,
        max(case when metric = 'INP' then metric_value end) as inp_ms,
        max(case when metric = 'FCP' then metric_value end) as fcp_ms,
        max(case when metric = 'TTFB' then metric_value end) as ttfb_ms,
        max(case when metric = 'CLS' then metric_value end) as cls,
        cast(min(event_ms) div 86400000 as int) as day_number
    from visits
    where page_number > 0
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
        and p.page_number = g.page_number
inner join rework_visits as r
    on
        p.who = r.who
        and p.day_number = r.day_number
left join bot_days as b
    on p.who = b.who and p.day_number = b.day_number
