select
    shape,
    key as property,
    case
        when value like '"%INT"' or value = '"DOUBLE"' then 'number'
        when value = '"BOOLEAN"' then 'boolean'
        when value = '"NULL"' then 'null'
        when value like '[%' then 'array'
        when value like '{%' then 'object'
        else 'text'
    end as json_type
from (select distinct shape from events), json_each(shape)
where key is not null
