-- Every event as it was sent, the first copy of each.
with exploded as (
    select
        l.line.tenant as tenant,
        coalesce(e.visitor, l.line.visitor, '') as visitor,
        coalesce(e.user, l.line.user) as user_id,
        e.id as event_id,
        e.name as name,
        e.level as level,
        e.time as client_ms,
        l.line.sent_at as sent_ms,
        l.line.received_at as received_ms,
        coalesce(l.line.imported, false) as imported,
        l.line.protocol as protocol,
        coalesce(e.page, l.line.page) as page,
        coalesce(e.user_agent, l.line.user_agent) as user_agent,
        coalesce(e.ip, l.line.ip) as ip,
        coalesce(e.consent, l.line.consent, 'unknown') as consent,
        l.line.screen.width as screen_width,
        l.line.screen.height as screen_height,
        l.line.country as country,
        coalesce(e.properties, '{}') as properties
    from lines as l
    lateral view explode(l.line.events) x as e
    where l.line.damaged is null
),
numbered as (
    select exploded.*, row_number() over (partition by tenant, event_id, client_ms order by received_ms) as copy
    from exploded
)
select
    numbered.*,
    page.url as page_url,
    page.title as page_title,
    page.referrer as referrer,
    case
        when imported then client_ms
        when abs(received_ms - sent_ms) > 60000
            then greatest(0, least(received_ms, client_ms + received_ms - sent_ms))
        else least(received_ms, client_ms)
    end as event_ms
from numbered
where copy = 1
