-- Of the events that the run moves, the aliases.
select
    t.*,
    concat(t.protocol, ' ', t.properties) as alias
from touched_events as t
where t.name = 'alias'
