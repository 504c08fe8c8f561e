-- A row is a property that a statement sets or unsets; a statement without properties is one row.
select
    t.tenant,
    s.type,
    coalesce(s.entity, t.user_id) as entity,
    t.as_of,
    s.operation,
    s.property,
    s.value,
    t.protocol as source,
    t.event_id,
    t.raw_object,
    t.raw_line,
    t.raw_index
from touched_statements as t
inner join statements as s on t.statement = s.statement
where t.copy = 1 and coalesce(s.entity, t.user_id) is not null
