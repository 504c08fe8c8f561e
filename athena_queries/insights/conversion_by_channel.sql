-- name: conversion_by_channel
-- question: How many of each channel's visits convert, and what are they worth?
-- parameter from_day date 1970-01-01: The first UTC day that counts.
-- parameter to_day date 9999-12-31: The last UTC day that counts.
select
    coalesce(s.channel, 'unknown') as channel,
    count(*) as sessions,
    count(distinct s.visitor) as visitors,
    count_if(s.converted) as converted,
    100e0 * count_if(s.converted) / count(*) as conversion_percent,
    sum(s.value) as value
from sessions s
where s.tenant = :tenant
    and not s.is_bot
    and cast(s.started_at as date) between :from_day and :to_day
group by coalesce(s.channel, 'unknown')
order by sessions desc, channel
