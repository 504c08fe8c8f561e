-- name: sessions_by_person
-- question: Which person does each visit belong to?
-- It is whoever the visitor belonged to when the visit ended; a visitor of nobody known is a person of its own. `user_id`
-- is the user of that link, which need not be the one that the visit's events named.
select
    s.tenant,
    s.session_id,
    coalesce(i.person, 'visitor:' || s.visitor) as person,
    i.user_id,
    s.visitor,
    s.started_at,
    s.ended_at,
    s.duration_ms,
    s.events,
    s.page_views,
    s.landing_path,
    s.referrer_host,
    s.utm_source,
    s.utm_medium,
    s.utm_campaign,
    s.channel,
    s.device,
    s.is_bot,
    s.engaged_ms,
    s.conversions,
    s.converted,
    s.value,
    s.bounced
from sessions s
left join identities_now i
    on i.tenant = s.tenant
    and i.visitor = s.visitor
    and i.from_time <= s.ended_at
    and (i.until_time is null or s.ended_at < i.until_time)
