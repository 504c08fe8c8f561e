-- name: profile_scores
-- question: What is each engine's latest score of each visitor?
-- In order of visitor, then of engine: a reader merges by it.
with numbered as (
    select
        p.visitor,
        p.engine,
        p.as_of,
        p.score,
        p.percentile,
        p.model_version,
        p.reasons,
        row_number() over (partition by p.visitor, p.engine order by p.as_of desc, p.model_version desc) as nth
    from predictions p
    where p.tenant = :tenant
)
select n.visitor, n.engine, n.as_of, n.score, n.percentile, n.model_version, n.reasons
from numbered n
where n.nth = 1
order by n.visitor, n.engine
