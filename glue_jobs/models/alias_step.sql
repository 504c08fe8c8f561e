-- One step along the aliases from each id that is part of one; an id that was never given up stays where it is.
with ids as (
    select tenant, previous as id from alias_links
    union
    select tenant, user_id as id from alias_links
)
select
    i.tenant,
    i.id,
    coalesce(l.user_id, i.id) as reached,
    least(i.id, coalesce(l.user_id, i.id)) as least_id
from ids as i
left join alias_links as l on i.tenant = l.tenant and i.id = l.previous and l.counts = 1
