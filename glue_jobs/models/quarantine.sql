-- A row is a rejected event, or a line that cannot be read.
select
    tenant,
    cast(timestamp_millis(received_at_ms) as timestamp_ntz) as received_at,
    reason,
    detail,
    position,
    protocol,
    text,
    raw_object,
    raw_line,
    raw_index
from staged_rejected
