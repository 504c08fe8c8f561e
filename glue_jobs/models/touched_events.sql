-- The events that the run moves: every copy of each event that it touches (copy 1 is the one that stays), stored before or
-- not, and, as copy 0, the stored rows that leave and those that a killed run has taken away.
with keys as (
    select distinct tenant, event_id, client_time
    from touched_candidates
)
select
    c.tenant,
    c.visitor,
    c.user_id,
    c.event_id,
    c.name,
    c.event_time,
    c.protocol,
    c.properties,
    c.raw_object,
    c.raw_line,
    c.raw_index,
    c.copy
from event_copies as c
inner join keys as k
    on c.tenant = k.tenant and c.event_id = k.event_id and c.client_time = k.client_time
union all
select
    s.tenant,
    s.visitor,
    s.user_id,
    s.event_id,
    s.name,
    s.event_time,
    s.protocol,
    s.properties,
    s.raw_object,
    s.raw_line,
    s.raw_index,
    0 as copy
from stale_events as s
union all
select
    l.tenant,
    l.visitor,
    l.user_id,
    l.event_id,
    l.name,
    l.event_time,
    l.protocol,
    l.properties,
    l.raw_object,
    l.raw_line,
    l.raw_index,
    0 as copy
from lost_events as l
