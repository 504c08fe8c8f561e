-- Without the properties' types, which from_json does not tell.
with seen as (
    select * from events
),
days as (
    select
        tenant,
        day_number,
        count(*) as events,
        max(received_at) as latest,
        sum(
            case
                when unix_millis(cast(received_at as timestamp)) - event_ms > 86400000
                    then 1
                else 0
            end
        ) as late,
        sum(case when user_id is null then 1 else 0 end) as user_id,
        sum(case when page_url is null then 1 else 0 end) as page_url,
        sum(case when page_title is null then 1 else 0 end) as page_title,
        sum(case when referrer is null then 1 else 0 end) as referrer,
        sum(case when user_agent is null then 1 else 0 end) as user_agent,
        sum(case when ip is null then 1 else 0 end) as ip,
        sum(case when country is null then 1 else 0 end) as country,
        sum(case when screen_width is null then 1 else 0 end) as screen_width,
        sum(case when item is null then 1 else 0 end) as item,
        sum(case when value is null then 1 else 0 end) as value
    from seen
    group by tenant, day_number
),
names as (
    select tenant, day_number, name, count(*) as events, max(received_at) as latest
    from seen
    group by tenant, day_number, name
),
figures as (
    select
        n.tenant, n.day_number, 'name' as figure, n.name as event_name, '' as subject, '' as detail, n.events,
        d.events as of_events, n.latest
    from names as n
    inner join days as d on n.tenant = d.tenant and n.day_number = d.day_number
    union all
    select
        d.tenant, d.day_number, 'late' as figure, '' as event_name, '' as subject, '' as detail, d.late as events,
        d.events as of_events, d.latest
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
        d.events as of_events, d.latest
    from days as d
    cross join (
        values ('user_id'), ('page_url'), ('page_title'), ('referrer'), ('user_agent'), ('ip'), ('country'),
            ('screen_width'), ('item'), ('value')
    ) as c (name)
)
select
    tenant,
    date_from_unix_date(day_number) as day,
    figure,
    event_name,
    subject,
    detail,
    events,
    of_events,
    latest
from figures
