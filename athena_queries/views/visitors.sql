-- name: visitors
-- question: Who are the visitors: when was each first and last seen, and what did it do in all?
select
    d.tenant,
    d.visitor,
    min(d.first_seen) as first_seen,
    max(d.last_seen) as last_seen,
    count(*) as days,
    sum(d.events) as events,
    sum(d.page_views) as page_views,
    sum(d.sessions) as sessions,
    sum(d.engaged_ms) as engaged_ms,
    sum(d.conversions) as conversions,
    sum(d.value) as value,
    min_by(d.first_channel, d.day) as first_channel,
    min_by(d.device, d.day) as first_device,
    max_by(d.user_id, case when d.user_id is not null then d.day end) as user_id
from visitor_days d
where not d.is_bot
group by d.tenant, d.visitor
