-- What the run changes in the cells of the map: by how much their samples and visitors grow. A sample is a click, or 50 ms
-- of the way of a pointer or a finger. A cell is a hundredth of the document's width, and 20 pixels high. What lies outside
-- the document is at its edge.
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
        e.raw_object,
        e.raw_line,
        e.raw_index,
        e.counts,
        e.counted
    from heat_events as e
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
        seen.counts,
        seen.counted,
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
        counts,
        counted,
        greatest(1, least(100, (coalesce(next_t, t) - t) div 50)) as steps,
        greatest(0, least(width - 1, x)) as x,
        greatest(0, least(10000000, y)) as y,
        greatest(0, least(width - 1, coalesce(next_x, x))) as next_x,
        greatest(0, least(10000000, coalesce(next_y, y))) as next_y
    from ways
),
places as (
    select tenant, visitor, day_number, 'click' as kind, page_host, page_path, width, counts, counted,
        greatest(0, least(width - 1, x)) as x,
        greatest(0, least(10000000, y)) as y
    from seen
    where name = 'click' and x is not null and y is not null
    union all
    select b.tenant, b.visitor, b.day_number,
        case when b.name = 'touch' then 'touch' else 'move' end as kind,
        b.page_host, b.page_path, b.width, b.counts, b.counted,
        (b.x * (b.steps - n.step) + b.next_x * n.step) div b.steps as x,
        (b.y * (b.steps - n.step) + b.next_y * n.step) div b.steps as y
    from bounded as b
    inner join steps as n on n.step < b.steps
),
cells as (
    select
        tenant,
        visitor,
        day_number,
        page_host,
        page_path,
        case when width < 768 then 'narrow' when width < 1280 then 'medium' else 'wide' end as width_class,
        kind,
        cast(x * 100 div width as int) as cell_x,
        cast(y div 20 as int) as cell_y,
        sum(counts) as samples,
        sum(counted) as samples_before
    from places
    group by
        tenant,
        visitor,
        day_number,
        page_host,
        page_path,
        case when width < 768 then 'narrow' when width < 1280 then 'medium' else 'wide' end,
        kind,
        cast(x * 100 div width as int),
        cast(y div 20 as int)
)
select
    tenant,
    date_from_unix_date(day_number) as day,
    page_host,
    page_path,
    width_class,
    kind,
    cell_x,
    cell_y,
    cast(sum(samples) - sum(samples_before) as bigint) as samples,
    cast(
        sum(case when samples > 0 then 1 else 0 end) - sum(case when samples_before > 0 then 1 else 0 end) as bigint
    ) as visitors
from cells
group by tenant, day_number, page_host, page_path, width_class, kind, cell_x, cell_y
