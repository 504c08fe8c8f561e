-- name: profiles
-- question: What does the profile of each visitor say: totals, first channel, and recency, frequency and value?
-- Each score is the fifth (1 to 5, 5 best) of the converting visitors that this one is in, equal figures in the same
-- fifth; NULL without a conversion. The person is the one the visitor belongs to now. Bots are among the visitors. In order of visitor: a reader merges by it.
with days as (
    select
        d.visitor,
        d.day,
        d.first_seen,
        d.last_seen,
        d.first_channel,
        d.device,
        d.is_bot,
        d.events,
        d.page_views,
        d.sessions,
        d.engaged_ms,
        d.conversions,
        d.value,
        row_number() over (partition by d.visitor order by d.day) as nth,
        row_number() over (partition by d.visitor order by d.day desc) as nth_from_last
    from visitor_days d
    where d.tenant = :tenant
),
totals as (
    select
        d.visitor,
        min(d.first_seen) as first_seen,
        max(d.last_seen) as last_seen,
        max(case when d.nth = 1 then d.first_channel end) as first_channel,
        max(case when d.nth_from_last = 1 then d.device end) as device,
        bool_or(d.is_bot) as is_bot,
        count(*) as active_days,
        sum(d.events) as events,
        sum(d.page_views) as page_views,
        sum(d.sessions) as sessions,
        sum(d.engaged_ms) as engaged_ms,
        sum(d.conversions) as conversions,
        sum(d.value) as value,
        max(case when d.conversions > 0 then d.day end) as last_conversion
    from days d
    group by d.visitor
),
converting as (
    select
        t.visitor,
        rank() over (order by t.last_conversion) as recency_rank,
        rank() over (order by t.conversions) as frequency_rank,
        rank() over (order by coalesce(t.value, 0)) as monetary_rank,
        count(*) over () as visitors
    from totals t
    where t.conversions > 0
),
belonging as (
    select b.visitor, b.person
    from identities_now b
    where b.tenant = :tenant and b.until_time is null
),
latest as (
    select max(d.day) as as_of
    from days d
)
select
    t.visitor,
    l.as_of,
    t.first_seen,
    t.last_seen,
    t.first_channel,
    t.device,
    coalesce(t.is_bot, false) as is_bot,
    t.active_days,
    t.events,
    t.page_views,
    t.sessions,
    coalesce(t.engaged_ms, 0) as engaged_ms,
    t.conversions,
    coalesce(t.value, 0) as value,
    t.last_conversion,
    1 + (c.recency_rank - 1) * 5 / c.visitors as recency_score,
    1 + (c.frequency_rank - 1) * 5 / c.visitors as frequency_score,
    1 + (c.monetary_rank - 1) * 5 / c.visitors as monetary_score,
    i.person
from totals t
cross join latest l
left join converting c on c.visitor = t.visitor
left join belonging i on i.visitor = t.visitor
order by t.visitor
