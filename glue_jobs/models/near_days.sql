-- The days that are near enough to those that the run touches to matter for what is worked out again (window_days.sql).
select distinct a.tenant, a.visitor, a.day_number + o.days as day_number
from affected_days as a
cross join day_offsets as o
