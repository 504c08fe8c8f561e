-- Of the days that the run touches, those of which stored events leave.
select distinct tenant, cast(unix_millis(cast(event_time as timestamp)) div 86400000 as int) as day_number
from stale_events
