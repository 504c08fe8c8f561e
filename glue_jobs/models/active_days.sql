-- The days, near those that the run touches, on which these visitors did anything, and which of them follow each other
-- without a day between (`stretch`): no gap of a visit is longer than a day, so none goes on beyond a day without events.
with active as (
    select tenant, visitor, day_number
    from affected_days
    union
    select
        s.tenant,
        s.visitor,
        cast(unix_millis(cast(s.first_seen as timestamp)) div 86400000 as int) as day_number
    from near_visitor_days as s
    inner join near_days as n
        on
            s.tenant = n.tenant
            and s.visitor = n.visitor
            and cast(unix_millis(cast(s.first_seen as timestamp)) div 86400000 as int) = n.day_number
)
select
    tenant,
    visitor,
    day_number,
    day_number - row_number() over (partition by tenant, visitor order by day_number) as stretch
from active
