-- The visitors' days that the run touches: of its new events (after a killed run: of every event of its objects, stored
-- before or not), of the stored rows that leave, and of the rows that a killed run has taken away. Events of no visitor ($set of an item, say) touch a day too.
with touched as (
    select tenant, visitor, event_time from touched_candidates
    union all
    select tenant, visitor, event_time from stale_events
    union all
    select tenant, visitor, event_time from lost_events
)
select distinct
    tenant,
    visitor,
    cast(unix_millis(cast(event_time as timestamp)) div 86400000 as int) as day_number
from touched
