-- The visitors' days whose identities may change: those that the run touches, and, where it moves an alias, those of the
-- visitor that the alias names.
select a.tenant, a.visitor, a.day_number
from affected_days as a
union
select
    t.tenant,
    d.previous as visitor,
    cast(unix_millis(cast(t.event_time as timestamp)) div 86400000 as int) as day_number
from touched_aliases as t
inner join aliases_said as d on t.alias = d.alias
where d.previous is not null
