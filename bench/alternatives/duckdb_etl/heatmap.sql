WITH seen AS (
  SELECT
    e.tenant,
    e.visitor,
    e.day_number,
    e.name,
    COALESCE(e.page_host, '') AS page_host,
    COALESCE(e.page_path, '') AS page_path,
    cast(e.x AS BIGINT) AS x,
    cast(e.y AS BIGINT) AS y,
    cast(e.document_width AS BIGINT) AS width,
    e.path,
    row_number() OVER () AS number
  FROM events AS e
  INNER JOIN visitor_days AS v
    ON e.tenant = v.tenant
    AND e.visitor = v.visitor
    AND v.day = (DATE '1970-01-01' + e.day_number)
    AND NOT v.is_bot
  WHERE
    e.name IN ('click', 'pointer', 'touch') AND e.document_width > 0
), vertices AS (
  SELECT
    seen.tenant,
    seen.visitor,
    seen.day_number,
    seen.name,
    seen.page_host,
    seen.page_path,
    seen.width,
    seen.number,
    cast(p.stroke AS BIGINT) AS stroke,
    cast(p.t AS BIGINT) AS t,
    cast(p.x AS BIGINT) AS x,
    cast(p.y AS BIGINT) AS y
  FROM seen
  CROSS JOIN UNNEST(seen.path) AS e(p)
  WHERE
    seen.name IN ('pointer', 'touch')
), ways AS (
  SELECT
    vertices.*,
    LEAD(t) OVER (
      PARTITION BY number, stroke
      ORDER BY t, x, y
    ) AS next_t,
    LEAD(x) OVER (
      PARTITION BY number, stroke
      ORDER BY t, x, y
    ) AS next_x,
    LEAD(y) OVER (
      PARTITION BY number, stroke
      ORDER BY t, x, y
    ) AS next_y
  FROM vertices
), bounded AS (
  SELECT
    tenant,
    visitor,
    day_number,
    name,
    page_host,
    page_path,
    width,
    GREATEST(1, LEAST(100, (
      COALESCE(next_t, t) - t
    ) // 50)) AS steps,
    GREATEST(0, LEAST(width - 1, x)) AS x,
    GREATEST(0, LEAST(10000000, y)) AS y,
    GREATEST(0, LEAST(width - 1, COALESCE(next_x, x))) AS next_x,
    GREATEST(0, LEAST(10000000, COALESCE(next_y, y))) AS next_y
  FROM ways
), places AS (
  SELECT
    tenant,
    visitor,
    day_number,
    'click' AS kind,
    page_host,
    page_path,
    width,
    GREATEST(0, LEAST(width - 1, x)) AS x,
    GREATEST(0, LEAST(10000000, y)) AS y
  FROM seen
  WHERE
    name = 'click' AND NOT x IS NULL AND NOT y IS NULL
  UNION ALL
  SELECT
    b.tenant,
    b.visitor,
    b.day_number,
    CASE WHEN b.name = 'touch' THEN 'touch' ELSE 'move' END AS kind,
    b.page_host,
    b.page_path,
    b.width,
    (
      b.x * (
        b.steps - n.step
      ) + b.next_x * n.step
    ) // b.steps AS x,
    (
      b.y * (
        b.steps - n.step
      ) + b.next_y * n.step
    ) // b.steps AS y
  FROM bounded AS b
  CROSS JOIN unnest(range(b.steps)) AS n(step)
)
SELECT
  tenant,
  (DATE '1970-01-01' + day_number) AS day,
  page_host,
  page_path,
  CASE WHEN width < 768 THEN 'narrow' WHEN width < 1280 THEN 'medium' ELSE 'wide' END AS width_class,
  kind,
  cast(x * 100 // width AS INT) AS cell_x,
  cast(y // 20 AS INT) AS cell_y,
  COUNT(*) AS samples,
  COUNT(DISTINCT visitor) AS visitors
FROM places
GROUP BY
  tenant,
  day_number,
  page_host,
  page_path,
  CASE WHEN width < 768 THEN 'narrow' WHEN width < 1280 THEN 'medium' ELSE 'wide' END,
  kind,
  cast(x * 100 // width AS INT),
  cast(y // 20 AS INT)
