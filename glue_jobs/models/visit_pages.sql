-- The page views of the window, each with its place among those of its visit and what is known of its page.
with placed as (
    select
        v.who,
        v.visit_number,
        v.address,
        v.scroll_depth,
        v.day_number,
        v.event_ms,
        e.event_id,
        e.client_time,
        e.page_url,
        e.page_host,
        e.page_path,
        e.page_title,
        e.referrer,
        row_number() over (
            partition by v.who, v.visit_number order by v.event_ms, e.event_id, e.client_time
        ) as place
    from visits as v
    inner join stored_events as e on v.event = e.number
    where v.is_page_view = 1 and e.name = 'page_view'
),
counted as (
    select who, visit_number, max(place) as pages
    from placed
    group by who, visit_number
)
select p.*, case when p.place = c.pages then 1 else 0 end as is_last
from placed as p
inner join counted as c on p.who = c.who and p.visit_number = c.visit_number
