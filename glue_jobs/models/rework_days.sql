-- The days whose derived rows may change when an event of a day does. A visit touches two days at most (one that fills
-- a whole UTC day is cut at its end), so a change moves visits from the day before to three days after.
select distinct a.tenant, a.visitor, a.day_number + o.days as day_number
from affected_days as a
cross join (values (-1), (0), (1), (2), (3)) as o (days)
