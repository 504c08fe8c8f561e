-- The days whose events must be read to work out the rework days: whether a day is filled without a gap, and where the
-- visit that covers its first event began, is known from three days before and one day after.
select distinct a.tenant, a.visitor, a.day_number + o.days as day_number
from affected_days as a
cross join (values (-4), (-3), (-2), (-1), (0), (1), (2), (3), (4)) as o (days)
