-- Twice as many steps as before, and the least id on the way.
select
    a.tenant,
    a.id,
    b.reached,
    least(a.least_id, b.least_id) as least_id
from alias_steps as a
inner join alias_steps as b on a.tenant = b.tenant and a.reached = b.id
