-- name: top_pages
-- question: Which pages are seen most, by how many, and how closely?
-- parameter from_day date 1970-01-01: The first UTC day that counts.
-- parameter to_day date 9999-12-31: The last UTC day that counts.
-- parameter pages bigint 10: How many pages to list.
select
    p.page_host,
    p.page_path,
    count(*) as page_views,
    count(distinct p.visitor) as visitors,
    count(distinct p.session_id) as sessions,
    count_if(p.position = 1) as landings,
    avg(p.engaged_ms) / 1e3 as engaged_seconds,
    avg(p.scroll_depth) as scroll_depth
from page_views p
where p.tenant = :tenant
    and not p.is_bot
    and cast(p.started_at as date) between :from_day and :to_day
group by p.page_host, p.page_path
order by page_views desc, p.page_host, p.page_path
limit :pages
