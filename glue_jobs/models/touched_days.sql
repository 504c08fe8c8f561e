-- The tenants' days that the run touches, for tables that hold a day of all visitors together.
select distinct tenant, day_number
from affected_days
