WITH totals AS (
  SELECT
    tenant,
    visitor,
    visit_number,
    MIN(event_ms) AS started_ms,
    MAX(event_ms) AS ended_ms,
    MAX(event_ms) - MIN(event_ms) AS duration_ms,
    cast(MIN(event_ms) // 86400000 AS INT) AS day_number,
    COUNT(*) AS events,
    SUM(is_low) AS low_events,
    SUM(is_mid) AS mid_events,
    SUM(is_high) AS high_events,
    SUM(is_page_view) AS page_views,
    cast(MAX(event_ms) // 86400000 AS INT) AS last_day_number,
    SUM(engaged_ms) AS engaged_ms,
    SUM(is_goal) AS conversions,
    COALESCE(SUM(goal_value), 0) AS value
  FROM visits
  GROUP BY
    tenant,
    visitor,
    visit_number
)
SELECT
  s.tenant,
  v.session_id,
  s.visitor,
  u.user_id,
  make_timestamp_ms(s.started_ms) AS started_at,
  make_timestamp_ms(s.ended_ms) AS ended_at,
  s.duration_ms,
  s.events,
  s.low_events,
  s.mid_events,
  s.high_events,
  s.page_views,
  a.page_path AS landing_path,
  z.page_path AS exit_path,
  v.referrer_host,
  v.utm_source,
  v.utm_medium,
  v.utm_campaign,
  v.channel,
  v.device,
  v.browser,
  v.os,
  NOT COALESCE(f.bot_reason, l.bot_reason) IS NULL AS is_bot,
  s.engaged_ms,
  s.conversions,
  s.conversions > 0 AS converted,
  s.value,
  s.page_views <= 1
  AND s.high_events = 0
  AND s.conversions = 0
  AND s.engaged_ms < 10000 AS bounced,
  v.country,
  COALESCE(f.bot_reason, l.bot_reason) AS bot_reason
FROM totals AS s
INNER JOIN visit_starts AS v
  ON s.tenant = v.tenant
  AND s.visitor = v.visitor
  AND s.visit_number = v.visit_number
  AND v.is_visit = 1
LEFT JOIN visit_users AS u
  ON s.tenant = u.tenant
  AND s.visitor = u.visitor
  AND s.visit_number = u.visit_number
  AND u.place_in_visit = 1
LEFT JOIN visit_pages AS a
  ON s.tenant = a.tenant
  AND s.visitor = a.visitor
  AND s.visit_number = a.visit_number
  AND a.place = 1
LEFT JOIN visit_pages AS z
  ON s.tenant = z.tenant
  AND s.visitor = z.visitor
  AND s.visit_number = z.visit_number
  AND z.place_from_end = 1
LEFT JOIN bot_days AS f
  ON s.tenant = f.tenant AND s.visitor = f.visitor AND s.day_number = f.day_number
LEFT JOIN bot_days AS l
  ON s.tenant = l.tenant AND s.visitor = l.visitor AND s.last_day_number = l.day_number
