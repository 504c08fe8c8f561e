WITH timed AS (
  SELECT
    e.tenant,
    e.visitor,
    e.user_id,
    e.event_id,
    e.client_time,
    e.event_ms AS event_ms,
    e.day_number AS day_number,
    e.page_url,
    CASE WHEN e.level = 'low' THEN 1 ELSE 0 END AS is_low,
    CASE WHEN e.level = 'mid' THEN 1 ELSE 0 END AS is_mid,
    CASE WHEN e.level = 'high' THEN 1 ELSE 0 END AS is_high,
    CASE WHEN e.is_bot THEN 1 ELSE 0 END AS is_bot,
    CASE WHEN e.webdriver THEN 1 ELSE 0 END AS is_driven,
    CASE WHEN e.page_path = '/robots.txt' THEN 1 ELSE 0 END AS asks_for_robots,
    CASE WHEN e.protocol = 'native' THEN 1 ELSE 0 END AS is_native,
    CASE
      WHEN e.name IN ('page_leave', 'engagement', 'web_vital', 'impression')
      THEN 1
      ELSE 0
    END AS is_report,
    CASE
      WHEN e.name IN (
        'click',
        'pointer',
        'touch',
        'scroll',
        'copy',
        'form',
        'link',
        'search',
        'rage_click',
        'dead_click'
      )
      THEN 1
      ELSE 0
    END AS is_gesture,
    CASE
      WHEN e.name IN ('engagement', 'page_leave')
      THEN COALESCE(e.engaged_ms, 0)
      ELSE 0
    END AS engaged_ms,
    e.scroll_depth,
    CASE WHEN e.name = 'page_view' THEN 1 ELSE 0 END AS is_page_view,
    CASE WHEN e.name = 'click' THEN 1 ELSE 0 END AS is_click,
    CASE WHEN e.name = 'web_vital' THEN e.metric END AS metric,
    CASE WHEN e.name = 'web_vital' THEN e.value END AS metric_value,
    CASE WHEN e.name = 'purchase' THEN 1 ELSE 0 END AS is_goal,
    CASE WHEN e.name = 'purchase' THEN e.value END AS goal_value,
    1800000 AS session_gap_ms
  FROM events AS e
  WHERE
    e.visitor <> ''
), placed AS (
  SELECT
    timed.*,
    LAG(event_ms) OVER (
      PARTITION BY tenant, visitor
      ORDER BY event_ms, 1 - is_page_view, event_id, client_time
    ) AS ms_before,
    LAG(day_number) OVER (
      PARTITION BY tenant, visitor
      ORDER BY event_ms, 1 - is_page_view, event_id, client_time
    ) AS day_before,
    ROW_NUMBER() OVER (
      PARTITION BY tenant, visitor
      ORDER BY event_ms, 1 - is_page_view, event_id, client_time
    ) AS number,
    SUM(is_page_view) OVER (
      PARTITION BY tenant, visitor
      ORDER BY event_ms, 1 - is_page_view, event_id, client_time
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS pages_so_far
  FROM timed
), gaps AS (
  SELECT
    placed.*,
    CASE WHEN event_ms - ms_before <= session_gap_ms THEN 0 ELSE 1 END AS after_gap
  FROM placed
), filled AS (
  SELECT
    tenant,
    visitor,
    day_number
  FROM (
    SELECT
      tenant,
      visitor,
      day_number,
      SUM(after_gap) AS gaps
    FROM gaps
    GROUP BY
      tenant,
      visitor,
      day_number
  ) AS days
  WHERE
    gaps = 0
), starts AS (
  SELECT
    g.*,
    CASE
      WHEN g.after_gap = 1
      THEN 1
      WHEN g.day_before < g.day_number AND NOT f.day_number IS NULL
      THEN 1
      ELSE 0
    END AS is_start
  FROM gaps AS g
  LEFT JOIN filled AS f
    ON g.tenant = f.tenant AND g.visitor = f.visitor AND g.day_before = f.day_number
), numbered AS (
  SELECT
    starts.*,
    cast(SUM(is_start) OVER (
      PARTITION BY tenant, visitor
      ORDER BY number
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS INT) AS visit_number,
    MAX(CASE WHEN is_start = 1 THEN event_ms END) OVER (
      PARTITION BY tenant, visitor
      ORDER BY number
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS visit_ms,
    MAX(CASE WHEN day_before IS NULL OR day_before < day_number THEN event_ms END) OVER (
      PARTITION BY tenant, visitor
      ORDER BY number
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS day_ms,
    MAX(CASE WHEN is_start = 1 THEN pages_so_far - is_page_view END) OVER (
      PARTITION BY tenant, visitor
      ORDER BY number
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS pages_before
  FROM starts
), paged AS (
  SELECT
    numbered.*,
    cast(pages_so_far - pages_before AS INT) AS latest_page
  FROM numbered
)
SELECT
  tenant,
  visitor,
  user_id,
  event_id,
  client_time,
  event_ms,
  day_number,
  is_low,
  is_mid,
  is_high,
  is_bot,
  is_driven,
  asks_for_robots,
  is_native,
  is_report,
  is_gesture,
  engaged_ms,
  scroll_depth,
  is_page_view,
  is_click,
  metric,
  metric_value,
  is_goal,
  goal_value,
  is_start,
  visit_number,
  visit_ms,
  day_ms,
  COALESCE(
    CASE
      WHEN NOT page_url IS NULL
      THEN MAX(CASE WHEN is_page_view = 1 THEN latest_page END) OVER (
        PARTITION BY tenant, visitor, visit_number, page_url
        ORDER BY number
        rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
      )
    END,
    latest_page
  ) AS page_number
FROM paged
