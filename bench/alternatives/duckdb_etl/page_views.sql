WITH totals AS (
  SELECT
    tenant,
    visitor,
    visit_number,
    page_number,
    MIN(event_ms) AS started_ms,
    MAX(event_ms) AS ended_ms,
    COUNT(*) AS events,
    SUM(engaged_ms) AS engaged_ms,
    MAX(scroll_depth) AS scroll_depth,
    SUM(is_click) AS clicks,
    MAX(CASE WHEN metric = 'LCP' THEN metric_value END) AS lcp_ms,
    MAX(CASE WHEN metric = 'INP' THEN metric_value END) AS inp_ms,
    MAX(CASE WHEN metric = 'FCP' THEN metric_value END) AS fcp_ms,
    MAX(CASE WHEN metric = 'TTFB' THEN metric_value END) AS ttfb_ms,
    MAX(CASE WHEN metric = 'CLS' THEN metric_value END) AS cls,
    cast(MIN(event_ms) // 86400000 AS INT) AS day_number
  FROM visits
  WHERE
    page_number > 0
  GROUP BY
    tenant,
    visitor,
    visit_number,
    page_number
)
SELECT
  p.tenant,
  SUBSTRING(
    SHA256(v.session_id || '|' || cast(p.page_number AS TEXT) || '|' || g.event_id),
    1,
    32
  ) AS page_view_id,
  v.session_id,
  p.visitor,
  make_timestamp_ms(p.started_ms) AS started_at,
  make_timestamp_ms(p.ended_ms) AS ended_at,
  g.page_url,
  g.page_host,
  g.page_path,
  g.page_title,
  g.referrer,
  p.page_number AS position,
  p.events,
  p.engaged_ms,
  p.scroll_depth,
  NOT b.bot_reason IS NULL AS is_bot,
  p.clicks,
  p.lcp_ms,
  p.inp_ms,
  p.fcp_ms,
  p.ttfb_ms,
  p.cls,
  b.bot_reason
FROM totals AS p
INNER JOIN visit_starts AS v
  ON p.tenant = v.tenant
  AND p.visitor = v.visitor
  AND p.visit_number = v.visit_number
  AND v.is_visit = 1
INNER JOIN visit_pages AS g
  ON p.tenant = g.tenant
  AND p.visitor = g.visitor
  AND p.visit_number = g.visit_number
  AND p.page_number = g.page_number
LEFT JOIN bot_days AS b
  ON p.tenant = b.tenant AND p.visitor = b.visitor AND p.day_number = b.day_number
