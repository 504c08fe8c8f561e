-- The clicks and movements of `heat_events`, with numbers for texts: `page` stands for a row of `heat_pages`, `who` for one
-- of `heat_visitors`. What is done with each place of each path is done with numbers alone.
select
    p.number as page,
    w.number as who,
    e.kind,
    e.x,
    e.y,
    e.width,
    e.path,
    e.counts,
    e.counted
from heat_events as e
inner join heat_pages as p
    on
        e.tenant = p.tenant
        and e.day_number = p.day_number
        and e.page_host = p.page_host
        and e.page_path = p.page_path
        and e.width_class = p.width_class
        and e.kind = p.kind
inner join heat_visitors as w on e.tenant = w.tenant and e.visitor = w.visitor
