with marked as (
    select
        events.*,
        case when name in ('identify', 'alias') then name else 'event' end as cause,
        case
            when
                user_id = lag(user_id) over (
                    partition by tenant, visitor, day_number order by event_ms, event_id, client_time
                )
                then 0
            else 1
        end as is_start
    from events
    where user_id is not null and visitor <> ''
),
numbered as (
    select
        marked.*,
        sum(is_start) over (
            partition by tenant, visitor, day_number
            order by event_ms, event_id, client_time
            rows between unbounded preceding and current row
        ) as stretch
    from marked
),
placed as (
    select
        numbered.*,
        row_number() over (
            partition by tenant, visitor, day_number, stretch order by event_ms, event_id, client_time
        ) as place
    from numbered
),
stretches as (
    select
        tenant,
        visitor,
        day_number,
        stretch,
        max(user_id) as user_id,
        min(event_time) as from_time,
        min(event_ms) as from_ms,
        max(event_time) as to_time,
        count(*) as events,
        max(case when place = 1 then cause end) as cause,
        max(case when place = 1 then event_id end) as event_id
    from placed
    group by tenant, visitor, day_number, stretch
)
select
    s.tenant,
    s.visitor,
    date_from_unix_date(s.day_number) as day,
    s.user_id,
    substring(sha2(concat(s.tenant, '|', s.user_id), 256), 1, 32) as person,
    s.from_time,
    s.to_time,
    s.events,
    s.cause,
    s.event_id
from stretches as s
