-- What the run changes in the cells of the map: by how much their samples and visitors grow. A sample is a click, or 50 ms
-- of the way of a pointer or a finger; from place to place no more than 100 of them count, five seconds. A cell is a
-- hundredth of the document's width, and 20 pixels high. What lies outside the document is at its edge.
with walked as (
    select page, who, width, counts, counted, path
    from heat_marks
    where kind <> 'click' and size(path) > 0
),
placed as (
    select page, who, width, counts, counted, path, explode(sequence(0, size(path) - 1)) as place
    from walked
),
vertices as (
    select page, who, width, counts, counted, get(path, place) as p, get(path, place + 1) as n
    from placed
),
ways as (
    select
        page,
        who,
        width,
        counts,
        counted,
        cast(p.t as bigint) as t,
        cast(p.x as bigint) as x,
        cast(p.y as bigint) as y,
        case when p.stroke = n.stroke then cast(n.t as bigint) end as next_t,
        case when p.stroke = n.stroke then cast(n.x as bigint) end as next_x,
        case when p.stroke = n.stroke then cast(n.y as bigint) end as next_y
    from vertices
),
bounded as (
    select
        page,
        who,
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
stepped as (
    select
        b.page,
        b.who,
        b.width,
        b.counts,
        b.counted,
        b.steps,
        b.x,
        b.y,
        b.next_x,
        b.next_y,
        explode(sequence(0, b.steps - 1)) as step
    from bounded as b
),
places as (
    select page, who, width, counts, counted,
        greatest(0, least(width - 1, x)) as x,
        greatest(0, least(10000000, y)) as y
    from heat_marks
    where kind = 'click' and x is not null and y is not null
    union all
    select page, who, width, counts, counted,
        (x * (steps - step) + next_x * step) div steps as x,
        (y * (steps - step) + next_y * step) div steps as y
    from stepped
),
cells as (
    select
        page,
        who,
        cast(x * 100 div width as int) as cell_x,
        cast(y div 20 as int) as cell_y,
        sum(counts) as samples,
        sum(counted) as samples_before
    from places
    group by page, who, cast(x * 100 div width as int), cast(y div 20 as int)
),
changes as (
    select
        page,
        cell_x,
        cell_y,
        cast(sum(samples) - sum(samples_before) as bigint) as samples,
        cast(
            sum(case when samples > 0 then 1 else 0 end) - sum(case when samples_before > 0 then 1 else 0 end) as bigint
        ) as visitors
    from cells
    group by page, cell_x, cell_y
)
select
    p.tenant,
    date_from_unix_date(p.day_number) as day,
    p.page_host,
    p.page_path,
    p.width_class,
    p.kind,
    c.cell_x,
    c.cell_y,
    c.samples,
    c.visitors
from changes as c
inner join heat_pages as p on c.page = p.number
