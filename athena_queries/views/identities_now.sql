-- name: identities_now
-- question: Which user and person does each visitor belong to, from when until when, and which event says so?
-- A visitor's first link holds for all that came before it too; the last has no end. What was undone is left out.
with stretches as (
    select
        i.tenant,
        i.visitor,
        i.user_id,
        coalesce(a.person, i.person) as person,
        i.from_time,
        i.cause,
        i.event_id,
        i.raw_object,
        i.raw_line,
        i.raw_index,
        lag(i.user_id) over (
            partition by i.tenant, i.visitor
            order by i.from_time, i.event_id, i.raw_object, i.raw_line, i.raw_index
        ) as user_before
    from identities i
    left join aliases a on a.tenant = i.tenant and a.previous = i.user_id and a.person is not null
    where i.undone_at is null
),
links as (
    select
        s.*,
        row_number() over (
            partition by s.tenant, s.visitor
            order by s.from_time, s.event_id, s.raw_object, s.raw_line, s.raw_index
        ) as place,
        lead(s.from_time) over (
            partition by s.tenant, s.visitor
            order by s.from_time, s.event_id, s.raw_object, s.raw_line, s.raw_index
        ) as until_time
    from stretches s
    where s.user_before is null or s.user_before <> s.user_id
)
select
    l.tenant,
    l.visitor,
    l.user_id,
    l.person,
    case when l.place = 1 then timestamp '1970-01-01 00:00:00' else l.from_time end as from_time,
    l.until_time,
    l.from_time as linked_at,
    l.cause,
    l.event_id,
    l.raw_object,
    l.raw_line,
    l.raw_index
from links l
