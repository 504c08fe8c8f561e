-- The copies of each event that has several, in order: copies agree on tenant, event id and the client's time as written,
-- and the first received is the one that stays. The same origin, stored and read again, is never a duplicate of itself.
-- An event that came once, and is not stored, is not here: nearly all are such, and only a count is made of these.
with repeated as (
    select tenant, event_id, client_time from candidate_keys where copies > 1
    union
    select tenant, event_id, client_time from stored_copies
),
copies as (
    select c.tenant, c.event_id, c.client_time, c.received_at, c.raw_object, c.raw_line, c.raw_index, 0 as stored
    from candidates as c
    inner join repeated as r
        on c.tenant = r.tenant and c.event_id = r.event_id and c.client_time = r.client_time
    union all
    select tenant, event_id, client_time, received_at, raw_object, raw_line, raw_index, 1 as stored
    from stored_copies
)
select
    raw_object,
    raw_line,
    raw_index,
    stored,
    row_number() over (
        partition by tenant, event_id, client_time
        order by received_at, raw_object, raw_line, raw_index, stored desc
    ) as copy
from copies
