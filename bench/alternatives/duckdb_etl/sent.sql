-- Every event as it was sent, the first copy of each.
with exploded as (
    select
        tenant,
        coalesce(visitor, '') as visitor,
        "user" as user_id,
        sent_at,
        received_at,
        protocol,
        user_agent,
        ip,
        coalesce(consent, 'unknown') as consent,
        screen.width as screen_width,
        screen.height as screen_height,
        country,
        page as line_page,
        unnest(events) as e
    from lines
    where request_id is not null
)
select
    * exclude (e, line_page, sent_at, received_at),
    e.id as event_id,
    e.name,
    e.level,
    e.time as client_ms,
    received_at as received_ms,
    coalesce(e.page, line_page) as page,
    coalesce(e.properties, '{}') as properties,
    case
        when abs(received_at - sent_at) > 60000
            then greatest(0, least(received_at, e.time + received_at - sent_at))
        else least(received_at, e.time)
    end as event_ms
from exploded
qualify row_number() over (partition by tenant, e.id, e.time order by received_at) = 1
