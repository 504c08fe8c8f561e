-- The days whose derived rows may change when an event of a day does. A visit touches two days at most (one that fills
-- a whole UTC day is cut at its end), so a change moves visits from the day before to three days after.
select distinct d.tenant, d.visitor, d.day_number
from affected_days as a
inner join active_days as s on a.tenant = s.tenant and a.visitor = s.visitor and a.day_number = s.day_number
inner join active_days as d
    on
        s.tenant = d.tenant
        and s.visitor = d.visitor
        and s.stretch = d.stretch
        and d.day_number >= a.day_number - 1
        and d.day_number <= a.day_number + 3
