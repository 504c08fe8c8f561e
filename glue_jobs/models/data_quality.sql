-- A row is a figure of a day that the run touches: over its events as they are stored, or over those that it adds to a day
-- and what the day's stored figures (`quality_kept`) say.
with days as (
    select
        tenant,
        day_number,
        max(received_at) as latest,
        sum(late) as late,
        sum(user_id) as user_id,
        sum(page_url) as page_url,
        sum(page_title) as page_title,
        sum(referrer) as referrer,
        sum(user_agent) as user_agent,
        sum(ip) as ip,
        sum(country) as country,
        sum(screen_width) as screen_width,
        sum(item) as item,
        sum(value) as value
    from quality_events
    group by tenant, day_number
),
names as (
    select tenant, day_number, name, count(*) as events, max(received_at) as latest
    from quality_events
    group by tenant, day_number, name
),
properties as (
    select s.tenant, s.day_number, s.name, p.property, p.json_type, count(*) as events, max(s.received_at) as latest
    from quality_events as s
    inner join shapes as p on s.shape = p.shape
    group by s.tenant, s.day_number, s.name, p.property, p.json_type
),
figures as (
    select
        n.tenant, n.day_number, 'name' as figure, n.name as event_name, '' as subject, '' as detail, n.events,
        n.latest
    from names as n
    union all
    select
        p.tenant, p.day_number, 'property' as figure, p.name as event_name, p.property as subject,
        p.json_type as detail, p.events, p.latest
    from properties as p
    union all
    select
        d.tenant, d.day_number, 'late' as figure, '' as event_name, '' as subject, '' as detail, d.late as events,
        d.latest
    from days as d
    union all
    select
        d.tenant, d.day_number, 'null' as figure, '' as event_name, c.name as subject, '' as detail,
        case
            when c.name = 'user_id' then d.user_id
            when c.name = 'page_url' then d.page_url
            when c.name = 'page_title' then d.page_title
            when c.name = 'referrer' then d.referrer
            when c.name = 'user_agent' then d.user_agent
            when c.name = 'ip' then d.ip
            when c.name = 'country' then d.country
            when c.name = 'screen_width' then d.screen_width
            when c.name = 'item' then d.item
            else d.value
        end as events,
        d.latest
    from days as d
    cross join (
        values ('user_id'), ('page_url'), ('page_title'), ('referrer'), ('user_agent'), ('ip'), ('country'),
            ('screen_width'), ('item'), ('value')
    ) as c (name)
),
summed as (
    select tenant, day, figure, event_name, subject, detail, sum(events) as events, max(latest) as latest
    from (
        select
            tenant, date_from_unix_date(day_number) as day, figure, event_name, subject, detail, events, latest
        from figures
        union all
        select tenant, day, figure, event_name, subject, detail, events, latest
        from quality_kept
    ) as parts
    group by tenant, day, figure, event_name, subject, detail
),
of_names as (
    select tenant, day, event_name, events
    from summed
    where figure = 'name'
),
of_days as (
    select tenant, day, sum(events) as events
    from of_names
    group by tenant, day
)
select
    s.tenant,
    s.day,
    s.figure,
    s.event_name,
    s.subject,
    s.detail,
    s.events,
    coalesce(n.events, d.events) as of_events,
    s.latest
from summed as s
inner join of_days as d on s.tenant = d.tenant and s.day = d.day
left join of_names as n
    on s.figure = 'property' and s.tenant = n.tenant and s.day = n.day and s.event_name = n.event_name
