-- The visitors' days that the run touches, and when the first and the last of what touches them is: of its new events
-- (after a killed run: of every event of its objects, stored before or not), of the stored rows that leave, and of the
-- rows that a killed run has taken away. Events of no visitor ($set of an item, say) touch a day too.
with touched as (
    select tenant, visitor, unix_millis(cast(event_time as timestamp)) as event_ms from touched_candidates
    union all
    select tenant, visitor, unix_millis(cast(event_time as timestamp)) as event_ms from stale_events
    union all
    select tenant, visitor, unix_millis(cast(event_time as timestamp)) as event_ms from lost_events
)
select
    tenant,
    visitor,
    cast(event_ms div 86400000 as int) as day_number,
    min(event_ms) as first_ms,
    max(event_ms) as last_ms
from touched
group by tenant, visitor, cast(event_ms div 86400000 as int)
