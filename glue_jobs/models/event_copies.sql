-- The copies of each event, in order: copies agree on tenant, event id and the client's time as written, and the first
-- received is the one that stays. The same origin, stored and read again, is never a duplicate of itself.
with copies as (
    select tenant, event_id, client_time, received_at, raw_object, raw_line, raw_index, 0 as stored
    from candidates
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
