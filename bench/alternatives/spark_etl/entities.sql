select
    tenant,
    'user' as type,
    user_id as entity,
    event_time as as_of,
    'set' as operation,
    p.property,
    p.value,
    protocol as source,
    event_id
from events
lateral view explode(from_json(properties, 'map<string,string>')) p as property, value
where name = 'identify' and user_id is not null
