with seen as (
    select
        e.tenant,
        e.visitor,
        e.day_number,
        e.name,
        coalesce(e.page_host, '') as page_host,
        coalesce(e.page_path, '') as page_path,
        cast(e.x as bigint) as x,
        cast(e.y as bigint) as y,
        cast(e.document_width as bigint) as width,
        e.path,
        e.event_id
    from events as e
    left anti join bot_days as b
        on e.tenant = b.tenant and e.visitor = b.visitor and e.day_number = b.day_number
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
        seen.event_id,
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
        lead(t) over (partition by event_id, stroke order by t, x, y) as next_t,
        lead(x) over (partition by event_id, stroke order by t, x, y) as next_x,
        lead(y) over (partition by event_id, stroke order by t, x, y) as next_y
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
        (b.x * (b.steps - step) + b.next_x * step) div b.steps as x,
        (b.y * (b.steps - step) + b.next_y * step) div b.steps as y
    from bounded as b
    lateral view explode(sequence(0, cast(b.steps as int) - 1)) x as step
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
