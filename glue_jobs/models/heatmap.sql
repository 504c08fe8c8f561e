-- A row is a cell of a page on a day that the run touches: the clicks in it, and how long pointers and fingers were there.
-- Bots are left out: the visitors' days have been judged by now.
with parts as (
    select tenant, day, page_host, page_path, width_class, kind, cell_x, cell_y, samples, visitors
    from heat_changes
    union all
    select
        k.tenant, k.day, k.page_host, k.page_path, k.width_class, k.kind, k.cell_x, k.cell_y, k.samples, k.visitors
    from heat_kept as k
    left join whole_days as w on k.tenant = w.tenant and k.day = date_from_unix_date(w.day_number)
    where w.tenant is null
),
cells as (
    select
        tenant, day, page_host, page_path, width_class, kind, cell_x, cell_y,
        sum(samples) as samples,
        sum(visitors) as visitors
    from parts
    group by tenant, day, page_host, page_path, width_class, kind, cell_x, cell_y
)
select
    tenant,
    day,
    page_host,
    page_path,
    width_class,
    kind,
    cell_x,
    cell_y,
    samples,
    visitors
from cells
where samples > 0
