-- name: heatmap
-- question: Where on a page do people click, point and touch, on documents of a width?
-- A column is a hundredth of the document's width, a row 20 pixels; share is of the kind's samples on the page.
-- parameter page_path varchar /: The page's path.
-- parameter kind varchar click: click, move or touch.
-- parameter width_class varchar wide: narrow, medium or wide.
-- parameter from_day date 1970-01-01: The first UTC day that counts.
-- parameter to_day date 9999-12-31: The last UTC day that counts.
select
    h.page_host,
    h.cell_x,
    h.cell_y,
    sum(h.samples) as samples,
    100e0 * sum(h.samples) / sum(sum(h.samples)) over (partition by h.page_host) as share
from heatmap h
where h.tenant = :tenant
    and h.page_path = :page_path
    and h.kind = :kind
    and h.width_class = :width_class
    and h.day between :from_day and :to_day
group by h.page_host, h.cell_x, h.cell_y
order by h.page_host, samples desc, h.cell_y, h.cell_x
