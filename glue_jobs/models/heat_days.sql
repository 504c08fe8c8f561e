-- Of the visitors' days that only grow, those that may change the map: a click or a movement came, or the visitor was judged
-- anew.
with moved as (
    select distinct
        tenant,
        visitor,
        cast(unix_millis(cast(event_time as timestamp)) div 86400000 as int) as day_number
    from added_events
    where name in ('click', 'pointer', 'touch')
)
select g.tenant, g.visitor, g.day_number
from grown_days as g
inner join visitor_days_all as v
    on g.tenant = v.tenant and g.visitor = v.visitor and v.day = date_from_unix_date(g.day_number)
left join visitor_days_read as b
    on g.tenant = b.tenant and g.visitor = b.visitor and b.day = date_from_unix_date(g.day_number)
left join moved as m on g.tenant = m.tenant and g.visitor = m.visitor and g.day_number = m.day_number
where m.tenant is not null or b.is_bot is null or b.is_bot <> v.is_bot
