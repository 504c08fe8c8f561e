with totals as (
    select
        tenant,
        visitor,
        visit_number,
        page_number,
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
        sum(is_click) as clicks,
        max(case when metric = 'LCP' then metric_value end) as lcp_ms,
        max(case when metric = 'INP' then metric_value end) as inp_ms,
        max(case when metric = 'FCP' then metric_value end) as fcp_ms,
        max(case when metric = 'TTFB' then metric_value end) as ttfb_ms,
        max(case when metric = 'CLS' then metric_value end) as cls,
        cast(min(event_ms) div 86400000 as int) as day_number
    from visits
    where page_number > 0
    group by tenant, visitor, visit_number, page_number
),
visit_starts as (
    select
        tenant,
        visitor,
        visit_number,
        substring(
            sha2(
                concat(
                    tenant, '|', cast(event_ms as string), '|', cast(length(visitor) as string), '|', visitor, '|', event_id
                ),
                256
            ),
            1,
            32
        ) as session_id
    from visits
    where place = 1
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
    on p.tenant = v.tenant and p.visitor = v.visitor and p.visit_number = v.visit_number
left join bot_days as b
    on p.tenant = b.tenant and p.visitor = b.visitor and p.day_number = b.day_number
