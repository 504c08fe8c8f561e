WITH totals AS (
  SELECT
    tenant,
    visitor,
    day_number,
    MIN(event_ms) AS first_ms,
    MAX(event_ms) AS last_ms,
    COUNT(*) AS events,
    SUM(is_page_view) AS page_views,
    SUM(is_start) AS sessions,
    SUM(engaged_ms) AS engaged_ms,
    SUM(is_goal) AS conversions,
    COALESCE(SUM(goal_value), 0) AS value
  FROM visits
  GROUP BY
    tenant,
    visitor,
    day_number
)
SELECT
  d.tenant,
  d.visitor,
  (DATE '1970-01-01' + d.day_number) AS day,
  u.user_id,
  make_timestamp_ms(d.first_ms) AS first_seen,
  make_timestamp_ms(d.last_ms) AS last_seen,
  f.channel AS first_channel,
  d.events,
  d.page_views,
  d.sessions,
  d.engaged_ms,
  d.conversions,
  d.value,
  f.device,
  NOT b.bot_reason IS NULL AS is_bot,
  f.country,
  b.bot_reason
FROM totals AS d
INNER JOIN visit_starts AS f
  ON d.tenant = f.tenant
  AND d.visitor = f.visitor
  AND d.day_number = f.day_number
  AND f.is_day = 1
LEFT JOIN visit_users AS u
  ON d.tenant = u.tenant
  AND d.visitor = u.visitor
  AND d.day_number = u.day_number
  AND u.place_in_day = 1
LEFT JOIN bot_days AS b
  ON d.tenant = b.tenant AND d.visitor = b.visitor AND d.day_number = b.day_number
