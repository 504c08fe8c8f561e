-- The id of each visit: a hash of what names its first event.
select
    tenant,
    visitor,
    visit_number,
    substring(
        sha2(
            concat(
                tenant, '|', cast(event_ms as string), '|', cast(length(visitor) as string), '|', visitor, '|', event_id
            ),
            256
        ),
        1,
        32
    ) as session_id
from visits
where place = 1
