-- Every event of the new raw objects, readable and typed: each copy of it, stored before or not.
-- The clock: where received_at and sent_at are more than a minute apart, the client's clock is off by that much.
with timed as (
    select
        s.*,
        case
            when s.imported then s.client_time_ms
            when abs(s.received_at_ms - s.sent_at_ms) > 60000
                then greatest(0, least(s.received_at_ms, s.client_time_ms + s.received_at_ms - s.sent_at_ms))
            else least(s.received_at_ms, s.client_time_ms)
        end as event_ms
    from staged_events as s
)
select
    t.tenant,
    t.visitor,
    t.user_id,
    t.event_id,
    t.name,
    t.level,
    cast(timestamp_millis(t.event_ms) as timestamp_ntz) as event_time,
    cast(timestamp_millis(t.client_time_ms) as timestamp_ntz) as client_time,
    cast(timestamp_millis(t.received_at_ms) as timestamp_ntz) as received_at,
    t.protocol,
    t.page_url,
    p.page_host,
    p.page_path,
    t.page_title,
    t.referrer,
    r.referrer_host,
    p.utm_source,
    p.utm_medium,
    p.utm_campaign,
    case
        when p.paid then 'paid'
        when p.medium in ('email', 'social', 'search', 'ai') then p.medium
        when r.referrer_site = p.site then 'internal'
        when r.kind is not null then r.kind
        when r.referrer_host is not null or p.utm_source is not null then 'referral'
        else 'direct'
    end as channel,
    t.user_agent,
    u.device,
    u.browser,
    u.os,
    coalesce(u.is_bot, false) as is_bot,
    t.ip,
    t.consent,
    t.screen_width,
    t.screen_height,
    t.value,
    t.currency,
    t.engaged_ms,
    t.scroll_depth,
    t.properties,
    t.raw_object,
    t.raw_line,
    t.raw_index,
    t.country,
    t.item,
    t.items,
    t.item_list,
    t.item_position,
    t.search_query,
    t.target,
    t.href,
    t.metric,
    t.x,
    t.y,
    t.document_width,
    t.document_height,
    t.webdriver,
    t.path,
    t.shape
from timed as t
left join user_agents as u on t.user_agent = u.user_agent
left join pages as p on t.page_url = p.page_url
left join referrers as r on t.referrer = r.referrer
