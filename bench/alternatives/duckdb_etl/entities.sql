with told as (
    select tenant, user_id, event_time, protocol, event_id, properties, unnest(json_keys(properties)) as property
    from events
    where name = 'identify' and user_id is not null
)
select
    tenant,
    'user' as type,
    user_id as entity,
    event_time as as_of,
    'set' as operation,
    property,
    properties -> ('$."' || property || '"') as value,
    protocol as source,
    event_id
from told
