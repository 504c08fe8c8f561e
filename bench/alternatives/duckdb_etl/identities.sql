with marked as (
    select
        *,
        user_id is distinct from lag(user_id) over by_day as is_start
    from events
    where user_id is not null and visitor <> ''
    window by_day as (partition by tenant, visitor, day_number order by event_ms, event_id, client_time)
),
numbered as (
    select *, sum(is_start::integer) over (by_day rows unbounded preceding) as stretch
    from marked
    window by_day as (partition by tenant, visitor, day_number order by event_ms, event_id, client_time)
)
select
    tenant,
    visitor,
    date '1970-01-01' + day_number as day,
    max(user_id) as user_id,
    substring(sha256(tenant || '|' || max(user_id)), 1, 32) as person,
    min(event_time) as from_time,
    max(event_time) as to_time,
    count(*) as events,
    arg_min(
        case when name in ('identify', 'alias') then name else 'event' end,
        {'a': event_ms, 'b': event_id, 'c': client_time}
    ) as cause,
    arg_min(event_id, {'a': event_ms, 'b': event_id, 'c': client_time}) as event_id
from numbered
group by tenant, visitor, day_number, stretch
