-- The days, near those that the run touches, on which these visitors did anything, and which of them a visit may join
-- (`stretch`): between the last event of the one and the first of the next is no gap above the tenant's, counting what
-- leaves and what comes alike. What parts a visitor's days so parted them before the run, and parts them after it.
with active as (
    select tenant, visitor, day_number, first_ms, last_ms
    from affected_days
    union all
    select
        s.tenant,
        s.visitor,
        n.day_number,
        unix_millis(cast(s.first_seen as timestamp)) as first_ms,
        unix_millis(cast(s.last_seen as timestamp)) as last_ms
    from near_visitor_days as s
    inner join near_days as n
        on
            s.tenant = n.tenant
            and s.visitor = n.visitor
            and cast(unix_millis(cast(s.first_seen as timestamp)) div 86400000 as int) = n.day_number
),
days as (
    select tenant, visitor, day_number, min(first_ms) as first_ms, max(last_ms) as last_ms
    from active
    group by tenant, visitor, day_number
),
parted as (
    select
        d.tenant,
        d.visitor,
        d.day_number,
        case
            when
                d.first_ms - lag(d.last_ms) over (partition by d.tenant, d.visitor order by d.day_number)
                <= t.session_gap_ms
                then 0
            else 1
        end as is_parted
    from days as d
    inner join tenants as t on d.tenant = t.tenant
)
select
    tenant,
    visitor,
    day_number,
    cast(
        sum(is_parted) over (
            partition by tenant, visitor order by day_number rows between unbounded preceding and current row
        ) as int
    ) as stretch
from parted
