-- name: profile_users
-- question: Which users has each visitor belonged to, as the identities stand?
-- In order of visitor, then of user id: a reader merges by it.
select distinct i.visitor, i.user_id
from identities_now i
where i.tenant = :tenant
order by visitor, user_id
