-- name: persons
-- question: Who are the persons behind the visitors: by how many browsers, when first and last seen, and what in all?
-- A visitor's day belongs to whoever the visitor belonged to when the day's last event came; a visitor of nobody known is
-- a person of its own, with no user.
with days as (
    select
        d.tenant,
        d.visitor,
        d.day,
        d.first_seen,
        d.last_seen,
        d.first_channel,
        d.device,
        d.events,
        d.page_views,
        d.sessions,
        d.engaged_ms,
        d.conversions,
        d.value,
        i.user_id,
        coalesce(i.person, 'visitor:' || d.visitor) as person
    from visitor_days d
    left join identities_now i
        on i.tenant = d.tenant
        and i.visitor = d.visitor
        and i.from_time <= d.last_seen
        and (i.until_time is null or d.last_seen < i.until_time)
    where not d.is_bot
),
placed as (
    select
        d.*,
        row_number() over (partition by d.tenant, d.person order by d.first_seen, d.visitor) as place,
        row_number() over (
            partition by d.tenant, d.person order by d.last_seen desc, d.visitor desc
        ) as place_from_last
    from days d
)
select
    p.tenant,
    p.person,
    max(case when p.place_from_last = 1 then p.user_id end) as user_id,
    count(distinct p.visitor) as visitors,
    min(p.first_seen) as first_seen,
    max(p.last_seen) as last_seen,
    count(distinct p.day) as days,
    sum(p.events) as events,
    sum(p.page_views) as page_views,
    sum(p.sessions) as sessions,
    sum(p.engaged_ms) as engaged_ms,
    sum(p.conversions) as conversions,
    sum(p.value) as value,
    max(case when p.place = 1 then p.first_channel end) as first_channel,
    max(case when p.place = 1 then p.device end) as first_device
from placed p
group by p.tenant, p.person
