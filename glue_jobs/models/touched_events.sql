-- Of the events that the run moves, those that say something of a user, an account or an item: of each event that it
-- touches the copy that stays (copy 1), all that are stored, and others that came; and, as copy 0, the stored rows that
-- leave and those that a killed run has taken away.
with events as (
    select
        tenant,
        visitor,
        user_id,
        event_id,
        name,
        event_time,
        client_time,
        protocol,
        properties,
        raw_object,
        raw_line,
        raw_index,
        0 as stored,
        0 as gone
    from candidates
    union all
    select
        tenant,
        visitor,
        user_id,
        event_id,
        name,
        event_time,
        client_time,
        protocol,
        properties,
        raw_object,
        raw_line,
        raw_index,
        1 as stored,
        0 as gone
    from stored_copies
    union all
    select
        tenant,
        visitor,
        user_id,
        event_id,
        name,
        event_time,
        client_time,
        protocol,
        properties,
        raw_object,
        raw_line,
        raw_index,
        1 as stored,
        1 as gone
    from stale_events
    union all
    select
        tenant,
        visitor,
        user_id,
        event_id,
        name,
        event_time,
        client_time,
        protocol,
        properties,
        raw_object,
        raw_line,
        raw_index,
        1 as stored,
        1 as gone
    from lost_events
),
said as (
    select events.*
    from events
    where name in ('identify', 'group', 'alias', '$set', '$unset', '$delete')
),
touched as (
    select distinct tenant, event_id, client_time
    from touched_candidates
    where name in ('identify', 'group', 'alias', '$set', '$unset', '$delete')
)
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
    case when s.gone = 1 then 0 else coalesce(c.copy, 1) end as copy
from said as s
left join touched as t
    on s.tenant = t.tenant and s.event_id = t.event_id and s.client_time = t.client_time
left join event_copies as c
    on
        s.raw_object = c.raw_object
        and s.raw_line = c.raw_line
        and s.raw_index = c.raw_index
        and s.stored = c.stored
where s.gone = 1 or t.tenant is not null
