-- The ledger's rows in order, the newest first.
select
    l.*,
    row_number() over (order by l.day desc, l.raw_object, l.tenant) as place
from ledger_now as l
