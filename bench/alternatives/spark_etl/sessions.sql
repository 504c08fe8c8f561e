with totals as (
    select
        tenant,
        visitor,
        visit_number,
        max(case when place_of_user = 1 then user_id end) as user_id,
        min(event_time) as started_at,
        max(event_time) as ended_at,
        max(event_ms) - min(event_ms) as duration_ms,
        cast(min(event_ms) div 86400000 as int) as day_number,
        count(*) as events,
        sum(case when level = 'low' then 1 else 0 end) as low_events,
        sum(case when level = 'mid' then 1 else 0 end) as mid_events,
        sum(case when level = 'high' then 1 else 0 end) as high_events,
        sum(is_page_view) as page_views,
        max(case when is_page_view = 1 and place_of_kind = 1 then page_path end) as landing_path,
        max(case when is_page_view = 1 and place_of_kind_from_end = 1 then page_path end) as exit_path,
        max(case when place = 1 then referrer_host end) as referrer_host,
        max(case when place = 1 then utm_source end) as utm_source,
        max(case when place = 1 then utm_medium end) as utm_medium,
        max(case when place = 1 then utm_campaign end) as utm_campaign,
        max(case when place = 1 then channel end) as channel,
        max(case when place = 1 then device end) as device,
        max(case when place = 1 then browser end) as browser,
        max(case when place = 1 then os end) as os,
        max(case when place = 1 then country end) as country,
        cast(max(event_ms) div 86400000 as int) as last_day_number,
        sum(engaged_ms) as engaged_ms,
        sum(is_goal) as conversions,
        coalesce(sum(goal_value), 0) as value
    from visits
    group by tenant, visitor, visit_number
),
visit_starts as (
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
)
select
    s.tenant,
    v.session_id,
    s.visitor,
    s.user_id,
    s.started_at,
    s.ended_at,
    s.duration_ms,
    s.events,
    s.low_events,
    s.mid_events,
    s.high_events,
    s.page_views,
    s.landing_path,
    s.exit_path,
    s.referrer_host,
    s.utm_source,
    s.utm_medium,
    s.utm_campaign,
    s.channel,
    s.device,
    s.browser,
    s.os,
    coalesce(f.bot_reason, l.bot_reason) is not null as is_bot,
    s.engaged_ms,
    s.conversions,
    s.conversions > 0 as converted,
    s.value,
    s.page_views <= 1 and s.high_events = 0 and s.conversions = 0 and s.engaged_ms < 10000 as bounced,
    s.country,
    coalesce(f.bot_reason, l.bot_reason) as bot_reason
from totals as s
inner join visit_starts as v
    on s.tenant = v.tenant and s.visitor = v.visitor and s.visit_number = v.visit_number
left join bot_days as f
    on s.tenant = f.tenant and s.visitor = f.visitor and s.day_number = f.day_number
left join bot_days as l
    on s.tenant = l.tenant and s.visitor = l.visitor and s.last_day_number = l.day_number
