-- The aliases that the run moves, and all others of the days that it looks at: each says who its user was before.
select alias from touched_aliases
union
select concat(e.protocol, ' ', e.properties) as alias
from alias_events as e
