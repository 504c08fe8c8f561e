-- Of the events that the run moves, those that say something of a user, an account or an item: every copy of each event
-- that it touches (copy 1 is the one that stays), stored before or not, and, as copy 0, the stored rows that leave and
-- those that a killed run has taken away.
with names as (
    select n.name
    from (values ('identify'), ('group'), ('alias'), ('$set'), ('$unset'), ('$delete')) as n (name)
),
keys as (
    select distinct c.tenant, c.event_id, c.client_time
    from touched_candidates as c
    inner join names as n on c.name = n.name
),
copies as (
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
        0 as stored
    from candidates as c
    inner join names as n on c.name = n.name
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
        1 as stored
    from stored_copies as s
    inner join names as n on s.name = n.name
    inner join keys as k
        on s.tenant = k.tenant and s.event_id = k.event_id and s.client_time = k.client_time
)
select
    e.tenant,
    e.visitor,
    e.user_id,
    e.event_id,
    e.name,
    e.event_time,
    e.protocol,
    e.properties,
    e.raw_object,
    e.raw_line,
    e.raw_index,
    c.copy
from copies as e
inner join event_copies as c
    on
        e.raw_object = c.raw_object
        and e.raw_line = c.raw_line
        and e.raw_index = c.raw_index
        and e.stored = c.stored
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
inner join names as n on s.name = n.name
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
inner join names as n on l.name = n.name
