-- name: entities_now
-- question: What is known of each user, item and account now?
-- Statements count in the order of as_of: of each property the last one, and nothing from before the last $delete. The
-- properties are one JSON object, its names in order; json_extract_scalar(properties, '$.name') takes one out.
with said as (
    select
        e.tenant,
        e.type,
        e.entity,
        e.as_of,
        e.operation,
        e.property,
        e.value,
        e.event_id,
        e.raw_object,
        e.raw_line,
        e.raw_index,
        count_if(e.operation = 'delete') over (
            partition by e.tenant, e.type, e.entity
            order by e.as_of desc, e.event_id desc, e.raw_object desc, e.raw_line desc, e.raw_index desc, e.property desc
            rows between unbounded preceding and current row
        ) as deletes_since
    from entities e
),
numbered as (
    select
        s.*,
        row_number() over (
            partition by s.tenant, s.type, s.entity, s.property
            order by s.as_of desc, s.event_id desc, s.raw_object desc, s.raw_line desc, s.raw_index desc
        ) as nth
    from said s
    where s.deletes_since = 0
),
members as (
    select
        n.tenant,
        n.type,
        n.entity,
        n.as_of,
        n.property,
        case
            when n.nth = 1 and n.operation = 'set' and n.property is not null
                then '"' || replace(replace(n.property, '\', '\\'), '"', '\"') || '":' || n.value
        end as member
    from numbered n
)
select
    m.tenant,
    m.type,
    m.entity,
    max(m.as_of) as as_of,
    '{' || coalesce(array_join(array_agg(m.member order by m.property), ','), '') || '}' as properties
from members m
group by m.tenant, m.type, m.entity
