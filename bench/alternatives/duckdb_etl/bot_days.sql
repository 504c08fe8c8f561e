WITH paused AS (
  SELECT
    tenant,
    visitor,
    day_number,
    page_url,
    event_ms - LAG(event_ms) OVER (
      PARTITION BY tenant, visitor, day_number
      ORDER BY event_ms, event_id, client_time
    ) AS pause
  FROM visit_pages
), pages AS (
  SELECT
    tenant,
    visitor,
    day_number,
    COUNT(DISTINCT page_url) AS pages,
    COUNT(pause) AS pauses,
    cast(COUNT(pause) AS DOUBLE) AS pauses_number,
    cast(SUM(pause) AS DOUBLE) AS pauses_sum,
    cast(SUM(pause * pause) AS DOUBLE) AS pauses_squares
  FROM paused
  GROUP BY
    tenant,
    visitor,
    day_number
), minutes AS (
  SELECT
    tenant,
    visitor,
    day_number,
    event_ms // 60000 AS minute_number,
    SUM(is_page_view) AS page_views,
    SUM(is_high) AS high_events
  FROM visits
  WHERE
    is_page_view = 1 OR is_high = 1
  GROUP BY
    tenant,
    visitor,
    day_number,
    event_ms // 60000
), busy AS (
  SELECT
    tenant,
    visitor,
    day_number,
    COUNT(*) AS busy_minutes
  FROM minutes
  WHERE
    page_views >= 20 OR high_events >= 60
  GROUP BY
    tenant,
    visitor,
    day_number
), days AS (
  SELECT
    tenant,
    visitor,
    day_number,
    COUNT(*) AS events,
    SUM(is_page_view) AS page_views,
    SUM(is_high) AS high_events,
    SUM(is_bot) AS bot_events,
    SUM(CASE WHEN is_page_view = 1 THEN is_bot ELSE 0 END) AS bot_page_views,
    MAX(is_driven) AS is_driven,
    MAX(asks_for_robots) AS asks_for_robots,
    SUM(engaged_ms) AS engaged_ms,
    SUM(is_report) AS reports,
    SUM(is_gesture) AS gestures,
    SUM(CASE WHEN is_native = 1 AND is_page_view = 1 THEN 1 ELSE 0 END) AS native_page_views
  FROM visits
  GROUP BY
    tenant,
    visitor,
    day_number
), judged AS (
  SELECT
    d.tenant,
    d.visitor,
    d.day_number,
    CASE
      WHEN d.bot_page_views > 0
      THEN 'user_agent'
      WHEN d.page_views = 0 AND d.high_events = 0 AND d.bot_events = d.events
      THEN 'user_agent'
      WHEN d.is_driven = 1
      THEN 'webdriver'
      WHEN d.asks_for_robots = 1
      THEN 'robots_txt'
      WHEN b.busy_minutes >= 3
      THEN 'rate'
      WHEN p.pauses >= 20
      AND p.pauses_sum > 0
      AND 100 * p.pauses_number * p.pauses_squares < 101 * p.pauses_sum * p.pauses_sum
      THEN 'regularity'
      WHEN d.page_views >= 100
      AND d.high_events = 0
      AND d.gestures = 0
      AND p.pages * 20 >= d.page_views * 19
      THEN 'breadth'
      WHEN d.native_page_views >= 15
      AND d.reports > 0
      AND d.gestures = 0
      AND d.high_events = 0
      AND d.engaged_ms = 0
      THEN 'idle'
    END AS bot_reason
  FROM days AS d
  LEFT JOIN pages AS p
    ON d.tenant = p.tenant AND d.visitor = p.visitor AND d.day_number = p.day_number
  LEFT JOIN busy AS b
    ON d.tenant = b.tenant AND d.visitor = b.visitor AND d.day_number = b.day_number
)
SELECT
  tenant,
  visitor,
  day_number,
  bot_reason
FROM judged
WHERE
  NOT bot_reason IS NULL
