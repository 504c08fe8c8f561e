-- name: top_items
-- question: Which items are bought most, by how many, and what are they worth?
-- An item that is listed without a quantity counts once; worth is the sum of quantity times value, where there is one.
-- parameter event varchar purchase: The event whose items count.
-- parameter from_day date 1970-01-01: The first UTC day on which the visits begin.
-- parameter to_day date 9999-12-31: The last UTC day on which the visits begin.
-- parameter items bigint 10: How many items to list.
select
    i.item,
    count(*) as times,
    count(distinct e.visitor) as visitors,
    sum(coalesce(cast(i.quantity as double), 1e0)) as quantity,
    sum(coalesce(cast(i.quantity as double), 1e0) * cast(i.value as double)) as worth
from events e
join sessions s
    on s.tenant = e.tenant
    and s.visitor = e.visitor
    and e.event_time between s.started_at and s.ended_at
cross join unnest(e.items) as i (item, quantity, value)
where e.tenant = :tenant
    and s.tenant = :tenant
    and not e.is_bot
    and not s.is_bot
    and e.name = :event
    and cast(s.started_at as date) between :from_day and :to_day
group by i.item
order by quantity desc, i.item
limit :items
