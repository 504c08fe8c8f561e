-- The stretches of the visitors whom operators unlinked from a user, with when they were undone.
with undone as (
    select s.raw_object, s.raw_line, s.raw_index, s.visitor, min(u.at_ms) as at_ms
    from identities_stored as s
    inner join unlinks as u
        on
            s.tenant = u.tenant
            and s.visitor = u.visitor
            and s.user_id = u.user_id
            and unix_millis(cast(s.from_time as timestamp)) <= u.at_ms
    group by s.raw_object, s.raw_line, s.raw_index, s.visitor
)
select
    s.tenant,
    s.visitor,
    s.day,
    s.user_id,
    s.person,
    s.from_time,
    s.to_time,
    s.events,
    s.cause,
    cast(timestamp_millis(u.at_ms) as timestamp_ntz) as undone_at,
    s.event_id,
    s.raw_object,
    s.raw_line,
    s.raw_index
from identities_stored as s
left join undone as u
    on
        s.raw_object = u.raw_object
        and s.raw_line = u.raw_line
        and s.raw_index = u.raw_index
        and s.visitor = u.visitor
