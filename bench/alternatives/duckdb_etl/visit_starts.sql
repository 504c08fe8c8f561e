WITH firsts AS (
  SELECT
    tenant,
    visitor,
    visit_number,
    day_number,
    event_ms,
    event_id,
    client_time,
    CASE WHEN event_ms = visit_ms THEN 1 ELSE 0 END AS is_visit,
    CASE WHEN event_ms = day_ms THEN 1 ELSE 0 END AS is_day
  FROM visits
  WHERE
    event_ms = visit_ms OR event_ms = day_ms
), placed AS (
  SELECT
    firsts.*,
    ROW_NUMBER() OVER (
      PARTITION BY tenant, visitor, event_ms
      ORDER BY event_id, client_time
    ) AS place
  FROM firsts
)
SELECT
  p.tenant,
  p.visitor,
  p.visit_number,
  p.day_number,
  p.is_visit,
  p.is_day,
  SUBSTRING(
    SHA256(
      p.tenant || '|' || cast(p.event_ms AS TEXT) || '|' || cast(LENGTH(p.visitor) AS TEXT) || '|' || p.visitor || '|' || p.event_id
    ),
    1,
    32
  ) AS session_id,
  e.referrer_host,
  e.utm_source,
  e.utm_medium,
  e.utm_campaign,
  CASE WHEN e.channel = 'internal' THEN 'direct' ELSE e.channel END AS channel,
  e.device,
  e.browser,
  e.os,
  e.country
FROM placed AS p
INNER JOIN events AS e
  ON p.tenant = e.tenant AND p.event_id = e.event_id AND p.client_time = e.client_time
WHERE
  p.place = 1
