with typed as (
    select
        s.*,
        from_json(
            s.properties,
            'value decimal(18,4), currency string, engaged_ms bigint, scroll_depth int, item string, product_id string,
             item_id string, items array<struct<item: string, quantity: decimal(18,4), value: decimal(18,4)>>,
             list string, position int, query string, target string, href string, metric string, x int, y int,
             width int, height int, webdriver boolean'
        ) as p,
        path_of(
            s.name, case when s.name in ('pointer', 'touch', 'scroll') then s.properties end
        ) as path
    from sent as s
)
select
    t.tenant,
    t.visitor,
    t.user_id,
    t.event_id,
    t.name,
    t.level,
    cast(timestamp_millis(t.event_ms) as timestamp_ntz) as event_time,
    cast(timestamp_millis(t.client_ms) as timestamp_ntz) as client_time,
    cast(timestamp_millis(t.received_ms) as timestamp_ntz) as received_at,
    t.event_ms,
    cast(t.event_ms div 86400000 as int) as day_number,
    t.protocol,
    t.page_url,
    g.page_host,
    g.page_path,
    t.page_title,
    t.referrer,
    r.referrer_host,
    g.utm_source,
    g.utm_medium,
    g.utm_campaign,
    case
        when g.paid then 'paid'
        when g.medium in ('email', 'social', 'search', 'ai') then g.medium
        when r.referrer_site = g.site then 'internal'
        when r.kind is not null then r.kind
        when r.referrer_host is not null or g.utm_source is not null then 'referral'
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
    t.p.value as value,
    t.p.currency as currency,
    t.p.engaged_ms as engaged_ms,
    t.p.scroll_depth as scroll_depth,
    t.properties,
    t.country,
    coalesce(t.p.item, t.p.product_id, t.p.item_id) as item,
    t.p.items as items,
    t.p.list as item_list,
    t.p.position as item_position,
    t.p.query as search_query,
    t.p.target as target,
    t.p.href as href,
    upper(t.p.metric) as metric,
    t.p.x as x,
    t.p.y as y,
    t.p.width as document_width,
    t.p.height as document_height,
    t.p.webdriver as webdriver,
    transform(
        arrays_zip(t.path.t, t.path.x, t.path.y, t.path.stroke),
        w -> struct(w.t as t, nullif(w.x, -2147483648) as x, w.y as y, w.stroke as stroke)
    ) as path
from typed as t
left join user_agents as u on t.user_agent = u.user_agent
left join pages as g on t.page_url = g.page_url
left join referrers as r on t.referrer = r.referrer
