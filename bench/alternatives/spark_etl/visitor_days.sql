with placed as (
    select
        tenant,
        visitor,
        day_number,
        user_id,
        event_time,
        channel,
        device,
        is_page_view,
        is_start,
        engaged_ms,
        is_goal,
        goal_value,
        country,
        row_number() over (
            partition by tenant, visitor, day_number order by event_ms, event_id, client_time
        ) as place,
        row_number() over (
            partition by tenant, visitor, day_number
            order by case when user_id is null then 1 else 0 end, event_ms desc, event_id desc, client_time desc
        ) as place_of_user
    from visits
)
select
    p.tenant,
    p.visitor,
    date_from_unix_date(p.day_number) as day,
    max(case when p.place_of_user = 1 then p.user_id end) as user_id,
    min(p.event_time) as first_seen,
    max(p.event_time) as last_seen,
    max(case when p.place = 1 then p.channel end) as first_channel,
    count(*) as events,
    sum(p.is_page_view) as page_views,
    sum(p.is_start) as sessions,
    sum(p.engaged_ms) as engaged_ms,
    sum(p.is_goal) as conversions,
    coalesce(sum(p.goal_value), 0) as value,
    max(case when p.place = 1 then p.device end) as device,
    max(b.bot_reason) is not null as is_bot,
    max(case when p.place = 1 then p.country end) as country,
    max(b.bot_reason) as bot_reason
from placed as p
left join bot_days as b
    on p.tenant = b.tenant and p.visitor = b.visitor and p.day_number = b.day_number
group by p.tenant, p.visitor, p.day_number
