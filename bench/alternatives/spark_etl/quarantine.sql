select '' as tenant, 'line_damaged' as reason, substring(value, 1, 8192) as text
from lines
where line.damaged is not null
union all
select line.tenant, e.reason, e.text
from lines
lateral view explode(line.rejected) x as e
where line.damaged is null
