-- The first event of each visit and of each visitor's day, with what it tells of where the visitor came from. The id of a
-- visit is a hash of what names its first event; `is_visit` and `is_day` are 1 where it is the first of that.
with firsts as (
    select
        tenant,
        visitor,
        visit_number,
        day_number,
        event_ms,
        event_id,
        client_time,
        case when event_ms = visit_ms then 1 else 0 end as is_visit,
        case when event_ms = day_ms then 1 else 0 end as is_day
    from visits
    where event_ms = visit_ms or event_ms = day_ms
),
placed as (
    select
        firsts.*,
        row_number() over (
            partition by tenant, visitor, event_ms order by event_id, client_time
        ) as place
    from firsts
)
select
    p.tenant,
    p.visitor,
    p.visit_number,
    p.day_number,
    p.is_visit,
    p.is_day,
    substring(
        sha2(
            concat(
                p.tenant, '|', cast(p.event_ms as string), '|', cast(length(p.visitor) as string), '|', p.visitor, '|',
                p.event_id
            ),
            256
        ),
        1,
        32
    ) as session_id,
    e.referrer_host,
    e.utm_source,
    e.utm_medium,
    e.utm_campaign,
    case when e.channel = 'internal' then 'direct' else e.channel end as channel,
    e.device,
    e.browser,
    e.os,
    e.country
from placed as p
inner join stored_events as e
    on p.tenant = e.tenant and p.event_id = e.event_id and p.client_time = e.client_time
where p.place = 1
