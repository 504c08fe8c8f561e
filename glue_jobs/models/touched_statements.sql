-- Of the events that the run moves, those that say something of a user, an account or an item.
select
    t.tenant,
    t.user_id,
    t.event_id,
    t.name,
    t.event_time as as_of,
    t.protocol,
    t.raw_object,
    t.raw_line,
    t.raw_index,
    t.copy,
    concat(t.protocol, ' ', t.name, ' ', t.properties) as statement
from touched_events as t
where t.name in ('identify', 'group', '$set', '$unset', '$delete')
