-- name: daily_traffic
-- question: How much traffic was there on each day, people only?
-- parameter from_day date 1970-01-01: The first UTC day that counts.
-- parameter to_day date 9999-12-31: The last UTC day that counts.
with first_days as (
    select d.tenant, d.visitor, min(d.day) as day
    from visitor_days d
    where d.tenant = :tenant and not d.is_bot
    group by d.tenant, d.visitor
)
select
    d.day,
    count(*) as visitors,
    count_if(d.day = f.day) as new_visitors,
    sum(d.sessions) as sessions,
    sum(d.page_views) as page_views,
    sum(d.events) as events,
    sum(d.conversions) as conversions,
    sum(d.value) as value
from visitor_days d
join first_days f on f.tenant = d.tenant and f.visitor = d.visitor
where d.tenant = :tenant
    and not d.is_bot
    and d.day between :from_day and :to_day
group by d.day
order by d.day
