-- The visitors' days that the run touches, on days that it only adds events to.
select a.tenant, a.visitor, a.day_number
from affected_days as a
left join whole_days as w on a.tenant = w.tenant and a.day_number = w.day_number
where w.tenant is null
