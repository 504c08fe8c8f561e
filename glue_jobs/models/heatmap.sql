-- A row is a cell of a page on a day that the run touches: the clicks in it, and how long pointers and fingers were there,
-- a sample for each 50 ms of movement. Bots are left out: the visitors' days have been judged by now.
-- A cell is a hundredth of the document's width, and 20 pixels high. What lies outside the document is at its edge.
with seen as (
    select
        e.tenant,
        e.visitor,
        d.day_number,
        e.name,
        coalesce(e.page_host, '') as page_host,
        coalesce(e.page_path, '') as page_path,
        cast(e.x as bigint) as x,
        cast(e.y as bigint) as y,
        cast(e.document_width as bigint) as width,
        e.path,
        e.raw_object,
        e.raw_line,
        e.raw_index
    from heat_events as e
    inner join touched_days as d
        on
            e.tenant = d.tenant
            and cast(unix_millis(cast(e.event_time as timestamp)) div 86400000 as int) = d.day_number
    inner join heat_visitors as v
        on
            e.tenant = v.tenant
            and e.visitor = v.visitor
            and v.day = date_from_unix_date(d.day_number)
            and not v.is_bot
    where e.name in ('click', 'pointer', 'touch') and e.document_width > 0
),
vertices as (
    select
        seen.tenant,
        seen.visitor,
        seen.day_number,
        seen.name,
        seen.page_host,
        seen.page_path,
        seen.width,
        seen.raw_object,
        seen.raw_line,
        seen.raw_index,
        cast(p.stroke as bigint) as stroke,
        cast(p.t as bigint) as t,
        cast(p.x as bigint) as x,
        cast(p.y as bigint) as y
    from seen
    lateral view explode(seen.path) e as p
    where seen.name in ('pointer', 'touch')
),
ways as (
    select
        vertices.*,
        lead(t) over (partition by raw_object, raw_line, raw_index, stroke order by t, x, y) as next_t,
        lead(x) over (partition by raw_object, raw_line, raw_index, stroke order by t, x, y) as next_x,
        lead(y) over (partition by raw_object, raw_line, raw_index, stroke order by t, x, y) as next_y
    from vertices
),
bounded as (
    select
        tenant,
        visitor,
        day_number,
        name,
        page_host,
        page_path,
        width,
        greatest(1, least(100, (coalesce(next_t, t) - t) div 50)) as steps,
        greatest(0, least(width - 1, x)) as x,
        greatest(0, least(10000000, y)) as y,
        greatest(0, least(width - 1, coalesce(next_x, x))) as next_x,
        greatest(0, least(10000000, coalesce(next_y, y))) as next_y
    from ways
),
places as (
    select tenant, visitor, day_number, 'click' as kind, page_host, page_path, width,
        greatest(0, least(width - 1, x)) as x,
        greatest(0, least(10000000, y)) as y
    from seen
    where name = 'click' and x is not null and y is not null
    union all
    select b.tenant, b.visitor, b.day_number,
        case when b.name = 'touch' then 'touch' else 'move' end as kind,
        b.page_host, b.page_path, b.width,
        (b.x * (b.steps - n.step) + b.next_x * n.step) div b.steps as x,
        (b.y * (b.steps - n.step) + b.next_y * n.step) div b.steps as y
    from bounded as b
    inner join steps as n on n.step < b.steps
)
select
    tenant,
    date_from_unix_date(day_number) as day,
    page_host,
    page_path,
    case when width < 768 then 'narrow' when width < 1280 then 'medium' else 'wide' end as width_class,
    kind,
    cast(x * 100 div width as int) as cell_x,
    cast(y div 20 as int) as cell_y,
    count(*) as samples,
    count(distinct visitor) as visitors
from places
group by
    tenant,
    day_number,
    page_host,
    page_path,
    case when width < 768 then 'narrow' when width < 1280 then 'medium' else 'wide' end,
    kind,
    cast(x * 100 div width as int),
    cast(y div 20 as int)
