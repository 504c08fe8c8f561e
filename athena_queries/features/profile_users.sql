-- name: profile_users
-- question: Which user ids has each visitor given?
-- In order of visitor, then of user id: a reader merges by it.
select s.visitor, s.user_id
from sessions s
where s.tenant = :tenant and s.user_id is not null
union
select d.visitor, d.user_id
from visitor_days d
where d.tenant = :tenant and d.user_id is not null
order by visitor, user_id
