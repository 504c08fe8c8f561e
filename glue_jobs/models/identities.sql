-- A row is a stretch of a visitor's day in which its events, and the aliases that name it, say one user.
-- Unlinking a visitor from a user undoes their stretches that began until then; one that begins later is a new link.
with sightings as (
    select
        e.tenant,
        e.visitor,
        e.user_id,
        e.event_id,
        e.event_time,
        e.client_time,
        case when e.name in ('identify', 'alias') then e.name else 'event' end as cause,
        e.raw_object,
        e.raw_line,
        e.raw_index
    from stored_events as e
    where e.user_id is not null and e.visitor <> ''
    union all
    select
        e.tenant,
        d.previous as visitor,
        e.user_id,
        e.event_id,
        e.event_time,
        e.client_time,
        'alias' as cause,
        e.raw_object,
        e.raw_line,
        e.raw_index
    from alias_events as e
    inner join aliases_said as d on concat(e.protocol, ' ', e.properties) = d.alias
    where e.user_id is not null and d.previous is not null and d.previous <> e.visitor
),
timed as (
    select
        s.*,
        i.day_number,
        unix_millis(cast(s.event_time as timestamp)) as event_ms
    from sightings as s
    inner join identity_days as i
        on
            s.tenant = i.tenant
            and s.visitor = i.visitor
            and cast(unix_millis(cast(s.event_time as timestamp)) div 86400000 as int) = i.day_number
),
placed as (
    select
        timed.*,
        row_number() over (
            partition by tenant, visitor, day_number order by event_ms, event_id, client_time
        ) as place,
        lag(user_id) over (
            partition by tenant, visitor, day_number order by event_ms, event_id, client_time
        ) as user_before
    from timed
),
marked as (
    select placed.*, case when user_id = user_before then 0 else 1 end as is_start
    from placed
),
numbered as (
    select
        marked.*,
        sum(is_start) over (
            partition by tenant, visitor, day_number order by place rows between unbounded preceding and current row
        ) as stretch
    from marked
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
        max(case when is_start = 1 then cause end) as cause,
        max(case when is_start = 1 then event_id end) as event_id,
        max(case when is_start = 1 then raw_object end) as raw_object,
        max(case when is_start = 1 then raw_line end) as raw_line,
        max(case when is_start = 1 then raw_index end) as raw_index
    from numbered
    group by tenant, visitor, day_number, stretch
),
undone as (
    select s.tenant, s.visitor, s.day_number, s.stretch, min(u.at_ms) as at_ms
    from stretches as s
    inner join unlinks as u
        on s.tenant = u.tenant and s.visitor = u.visitor and s.user_id = u.user_id and s.from_ms <= u.at_ms
    group by s.tenant, s.visitor, s.day_number, s.stretch
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
    cast(timestamp_millis(u.at_ms) as timestamp_ntz) as undone_at,
    s.event_id,
    s.raw_object,
    s.raw_line,
    s.raw_index
from stretches as s
left join undone as u
    on s.tenant = u.tenant and s.visitor = u.visitor and s.day_number = u.day_number and s.stretch = u.stretch
