-- The first event of each visit and of each visitor's day, with what it tells of where the visitor came from. The id of a
-- visit is a hash of what names its first event; `is_visit` and `is_day` are 1 where it is the first of that.
with firsts as (
    select
        who,
        event,
        visit_number,
        day_number,
        event_ms,
        case when event_ms = visit_ms then 1 else 0 end as is_visit,
        case when event_ms = day_ms then 1 else 0 end as is_day
    from visits
    where event_ms = visit_ms or event_ms = day_ms
),
placed as (
    select
        f.who,
        f.visit_number,
        f.day_number,
        f.event_ms,
        f.is_visit,
        f.is_day,
        e.tenant,
        e.visitor,
        e.event_id,
        e.referrer_host,
        e.utm_source,
        e.utm_medium,
        e.utm_campaign,
        case when e.channel = 'internal' then 'direct' else e.channel end as channel,
        e.device,
        e.browser,
        e.os,
        e.country,
        row_number() over (
            partition by f.who, f.event_ms order by e.event_id, e.client_time
        ) as place
    from stored_events as e
    inner join firsts as f on e.number = f.event
)
select
    who,
    tenant,
    visitor,
    visit_number,
    day_number,
    is_visit,
    is_day,
    substring(
        sha2(
            concat(
                tenant, '|', cast(event_ms as string), '|', cast(length(visitor) as string), '|', visitor, '|', event_id
            ),
            256
        ),
        1,
        32
    ) as session_id,
    referrer_host,
    utm_source,
    utm_medium,
    utm_campaign,
    channel,
    device,
    browser,
    os,
    country
from placed
where place = 1
