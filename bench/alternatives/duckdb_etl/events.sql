with typed as (
    select
        s.*,
        s.page.url as page_url,
        s.page.title as page_title,
        s.page.referrer as referrer,
        from_json(
            s.properties,
            '{"value": "DECIMAL(18,4)", "currency": "VARCHAR", "engaged_ms": "BIGINT", "scroll_depth": "INTEGER",
              "item": "VARCHAR", "product_id": "VARCHAR", "item_id": "VARCHAR", "list": "VARCHAR",
              "items": [{"item": "VARCHAR", "quantity": "DECIMAL(18,4)", "value": "DECIMAL(18,4)"}],
              "position": "INTEGER", "query": "VARCHAR", "target": "VARCHAR", "href": "VARCHAR", "metric": "VARCHAR",
              "x": "INTEGER", "y": "INTEGER", "width": "INTEGER", "height": "INTEGER", "webdriver": "BOOLEAN",
              "path": "VARCHAR"}'
        ) as p
    from sent as s
)
select
    t.tenant,
    t.visitor,
    t.user_id,
    t.event_id,
    t.name,
    t.level,
    make_timestamp_ms(t.event_ms) as event_time,
    make_timestamp_ms(t.client_ms) as client_time,
    make_timestamp_ms(t.received_ms) as received_at,
    t.event_ms,
    t.received_ms,
    cast(t.event_ms // 86400000 as integer) as day_number,
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
    read_path(t.name, t.p.path) as path,
    json_structure(t.properties)::varchar as shape
from typed as t
left join user_agents as u on t.user_agent = u.user_agent
left join pages as g on t.page_url = g.page_url
left join referrers as r on t.referrer = r.referrer
