-- A row is an alias. Eight steps lead to the end of a chain, or into a circle of aliases: all ids of that are one person,
-- named by the least of them.
with ends as (
    select
        s.tenant,
        s.id,
        case when o.reached = s.reached then s.reached else r.least_id end as user_id
    from alias_steps as s
    inner join alias_step as o on s.tenant = o.tenant and s.reached = o.id
    inner join alias_steps as r on s.tenant = r.tenant and s.reached = r.id
)
select
    l.tenant,
    l.previous,
    l.user_id,
    l.aliased_at,
    case when l.counts = 1 then substring(sha2(concat(l.tenant, '|', e.user_id), 256), 1, 32) end as person,
    cast(timestamp_millis(l.at_ms) as timestamp_ntz) as undone_at,
    l.event_id,
    l.raw_object,
    l.raw_line,
    l.raw_index
from alias_links as l
inner join ends as e on l.tenant = e.tenant and l.previous = e.id
