-- The new events of the days that the run only adds events to.
select n.*
from new_events as n
left join whole_days as w
    on
        n.tenant = w.tenant
        and cast(unix_millis(cast(n.event_time as timestamp)) div 86400000 as int) = w.day_number
where w.tenant is null
