-- A row is a page view of a rework day, with what happened until the next page of its visit.
with totals as (
    select
        tenant,
        visitor,
        visit_number,
        page_number,
        min(event_ms) as event_ms,
        min(event_time) as started_at,
        max(event_time) as ended_at,
        max(case when is_page_view = 1 then event_id end) as event_id,
        max(case when is_page_view = 1 then page_url end) as page_url,
        max(case when is_page_view = 1 then page_host end) as page_host,
        max(case when is_page_view = 1 then page_path end) as page_path,
        max(case when is_page_view = 1 then page_title end) as page_title,
        max(case when is_page_view = 1 then referrer end) as referrer,
        count(*) as events,
        sum(engaged_ms) as engaged_ms,
        max(scroll_depth) as scroll_depth,
        max(is_bot) as is_bot
    from visits
    where page_number > 0
    group by tenant, visitor, visit_number, page_number
)
select
    p.tenant,
    substring(sha2(concat(v.session_id, '|', cast(p.page_number as string), '|', p.event_id), 256), 1, 32)
        as page_view_id,
    v.session_id,
    p.visitor,
    p.started_at,
    p.ended_at,
    p.page_url,
    p.page_host,
    p.page_path,
    p.page_title,
    p.referrer,
    p.page_number as position,
    p.events,
    p.engaged_ms,
    p.scroll_depth,
    p.is_bot = 1 as is_bot
from totals as p
inner join visit_starts as v
    on p.tenant = v.tenant and p.visitor = v.visitor and p.visit_number = v.visit_number
inner join rework_days as r
    on
        p.tenant = r.tenant
        and p.visitor = r.visitor
        and cast(p.event_ms div 86400000 as int) = r.day_number
