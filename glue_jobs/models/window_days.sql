-- The days whose events must be read to work out the rework days: whether a day is filled without a gap, and where the
-- visit that covers its first event began, is known from three days before and one day after.
select distinct d.tenant, d.visitor, d.day_number
from affected_days as a
inner join active_days as s on a.tenant = s.tenant and a.visitor = s.visitor and a.day_number = s.day_number
inner join active_days as d
    on
        s.tenant = d.tenant
        and s.visitor = d.visitor
        and s.stretch = d.stretch
        and d.day_number >= a.day_number - 4
        and d.day_number <= a.day_number + 4
