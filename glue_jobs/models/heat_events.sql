-- The clicks and movements that the map is worked out from, each with whether it counts (`counts`) and whether the stored
-- map has counted it (`counted`). Of a day that is worked out as a whole these are all, and none was counted; of one that
-- only grows they are those of the visitors who have new ones, or were judged anew (`heat_days`): what was stored before
-- (`grown_heat`), and what was added. A bot's do not count, and did not while it was one.
with found as (
    select
        e.tenant,
        e.visitor,
        w.day_number as day_number,
        e.name,
        e.page_host,
        e.page_path,
        e.x,
        e.y,
        e.document_width,
        e.path,
        1 as counts,
        0 as counted
    from whole_heat as e
    inner join whole_days as w
        on
            e.tenant = w.tenant
            and cast(unix_millis(cast(e.event_time as timestamp)) div 86400000 as int) = w.day_number
    inner join whole_visitors as v
        on
            e.tenant = v.tenant
            and e.visitor = v.visitor
            and v.day = date_from_unix_date(w.day_number)
            and not v.is_bot
    union all
    select
        e.tenant,
        e.visitor,
        g.day_number as day_number,
        e.name,
        e.page_host,
        e.page_path,
        e.x,
        e.y,
        e.document_width,
        e.path,
        case when v.is_bot then 0 else 1 end as counts,
        case when not b.is_bot then 1 else 0 end as counted
    from grown_heat as e
    inner join heat_days as g
        on
            e.tenant = g.tenant
            and e.visitor = g.visitor
            and cast(unix_millis(cast(e.event_time as timestamp)) div 86400000 as int) = g.day_number
    inner join visitor_days_all as v
        on e.tenant = v.tenant and e.visitor = v.visitor and v.day = date_from_unix_date(g.day_number)
    left join visitor_days_read as b
        on e.tenant = b.tenant and e.visitor = b.visitor and b.day = date_from_unix_date(g.day_number)
    union all
    select
        e.tenant,
        e.visitor,
        g.day_number as day_number,
        e.name,
        e.page_host,
        e.page_path,
        e.x,
        e.y,
        e.document_width,
        e.path,
        case when v.is_bot then 0 else 1 end as counts,
        0 as counted
    from added_events as e
    inner join heat_days as g
        on
            e.tenant = g.tenant
            and e.visitor = g.visitor
            and cast(unix_millis(cast(e.event_time as timestamp)) div 86400000 as int) = g.day_number
    inner join visitor_days_all as v
        on e.tenant = v.tenant and e.visitor = v.visitor and v.day = date_from_unix_date(g.day_number)
)
select
    tenant,
    visitor,
    day_number,
    case when name = 'click' then 'click' when name = 'touch' then 'touch' else 'move' end as kind,
    coalesce(page_host, '') as page_host,
    coalesce(page_path, '') as page_path,
    case
        when document_width < 768 then 'narrow' when document_width < 1280 then 'medium' else 'wide'
    end as width_class,
    cast(x as bigint) as x,
    cast(y as bigint) as y,
    cast(document_width as bigint) as width,
    path,
    counts,
    counted
from found
where name in ('click', 'pointer', 'touch') and document_width > 0 and counts + counted > 0
