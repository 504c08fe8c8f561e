select tenant, make_timestamp_ms(received_at) as received_at, protocol, r.reason, r.detail, r.text
from (select tenant, received_at, protocol, unnest(rejected) as r from lines where request_id is not null)
