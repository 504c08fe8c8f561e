-- Every alias of the tenants whose aliases the run moves; `counts` is 1 where no later one of the same id stands.
with kept as (
    select
        s.tenant,
        s.previous,
        s.user_id,
        s.aliased_at,
        s.event_id,
        s.raw_object,
        s.raw_line,
        s.raw_index
    from aliases_read as s
    left join touched_aliases as t
        on
            s.tenant = t.tenant
            and s.raw_object = t.raw_object
            and s.raw_line = t.raw_line
            and s.raw_index = t.raw_index
    where t.tenant is null
    union all
    select
        t.tenant,
        d.previous,
        t.user_id,
        t.event_time as aliased_at,
        t.event_id,
        t.raw_object,
        t.raw_line,
        t.raw_index
    from touched_aliases as t
    inner join aliases_said as d on t.alias = d.alias
    where t.copy = 1 and t.user_id is not null and d.previous is not null and d.previous <> t.user_id
),
undone as (
    select k.raw_object, k.raw_line, k.raw_index, min(u.at_ms) as at_ms
    from kept as k
    inner join unlinks as u
        on
            k.tenant = u.tenant
            and k.previous = u.visitor
            and k.user_id = u.user_id
            and unix_millis(cast(k.aliased_at as timestamp)) <= u.at_ms
    group by k.raw_object, k.raw_line, k.raw_index
)
select
    k.*,
    u.at_ms,
    case
        when u.at_ms is null and row_number() over (
            partition by k.tenant, k.previous, case when u.at_ms is null then 1 else 0 end
            order by k.aliased_at desc, k.event_id desc, k.raw_object desc, k.raw_line desc, k.raw_index desc
        ) = 1 then 1
        else 0
    end as counts
from kept as k
left join undone as u
    on k.raw_object = u.raw_object and k.raw_line = u.raw_line and k.raw_index = u.raw_index
