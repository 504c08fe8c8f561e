WITH days AS (
  SELECT
    tenant,
    day_number,
    COUNT(*) AS events,
    MAX(received_at) AS latest,
    SUM(
      CASE
        WHEN received_ms - event_ms > 86400000
        THEN 1
        ELSE 0
      END
    ) AS late,
    SUM(CASE WHEN user_id IS NULL THEN 1 ELSE 0 END) AS user_id,
    SUM(CASE WHEN page_url IS NULL THEN 1 ELSE 0 END) AS page_url,
    SUM(CASE WHEN page_title IS NULL THEN 1 ELSE 0 END) AS page_title,
    SUM(CASE WHEN referrer IS NULL THEN 1 ELSE 0 END) AS referrer,
    SUM(CASE WHEN user_agent IS NULL THEN 1 ELSE 0 END) AS user_agent,
    SUM(CASE WHEN ip IS NULL THEN 1 ELSE 0 END) AS ip,
    SUM(CASE WHEN country IS NULL THEN 1 ELSE 0 END) AS country,
    SUM(CASE WHEN screen_width IS NULL THEN 1 ELSE 0 END) AS screen_width,
    SUM(CASE WHEN item IS NULL THEN 1 ELSE 0 END) AS item,
    SUM(CASE WHEN value IS NULL THEN 1 ELSE 0 END) AS value
  FROM events
  GROUP BY
    tenant,
    day_number
), names AS (
  SELECT
    tenant,
    day_number,
    name,
    COUNT(*) AS events,
    MAX(received_at) AS latest
  FROM events
  GROUP BY
    tenant,
    day_number,
    name
), properties AS (
  SELECT
    s.tenant,
    s.day_number,
    s.name,
    p.property,
    p.json_type,
    COUNT(*) AS events,
    MAX(s.received_at) AS latest
  FROM events AS s
  INNER JOIN shapes AS p
    ON s.shape = p.shape
  GROUP BY
    s.tenant,
    s.day_number,
    s.name,
    p.property,
    p.json_type
), figures AS (
  SELECT
    n.tenant,
    n.day_number,
    'name' AS figure,
    n.name AS event_name,
    '' AS subject,
    '' AS detail,
    n.events,
    d.events AS of_events,
    n.latest
  FROM names AS n
  INNER JOIN days AS d
    ON n.tenant = d.tenant AND n.day_number = d.day_number
  UNION ALL
  SELECT
    p.tenant,
    p.day_number,
    'property' AS figure,
    p.name AS event_name,
    p.property AS subject,
    p.json_type AS detail,
    p.events,
    n.events AS of_events,
    p.latest
  FROM properties AS p
  INNER JOIN names AS n
    ON p.tenant = n.tenant AND p.day_number = n.day_number AND p.name = n.name
  UNION ALL
  SELECT
    d.tenant,
    d.day_number,
    'late' AS figure,
    '' AS event_name,
    '' AS subject,
    '' AS detail,
    d.late AS events,
    d.events AS of_events,
    d.latest
  FROM days AS d
  UNION ALL
  SELECT
    d.tenant,
    d.day_number,
    'null' AS figure,
    '' AS event_name,
    c.name AS subject,
    '' AS detail,
    CASE
      WHEN c.name = 'user_id'
      THEN d.user_id
      WHEN c.name = 'page_url'
      THEN d.page_url
      WHEN c.name = 'page_title'
      THEN d.page_title
      WHEN c.name = 'referrer'
      THEN d.referrer
      WHEN c.name = 'user_agent'
      THEN d.user_agent
      WHEN c.name = 'ip'
      THEN d.ip
      WHEN c.name = 'country'
      THEN d.country
      WHEN c.name = 'screen_width'
      THEN d.screen_width
      WHEN c.name = 'item'
      THEN d.item
      ELSE d.value
    END AS events,
    d.events AS of_events,
    d.latest
  FROM days AS d
  CROSS JOIN (VALUES
    ('user_id'),
    ('page_url'),
    ('page_title'),
    ('referrer'),
    ('user_agent'),
    ('ip'),
    ('country'),
    ('screen_width'),
    ('item'),
    ('value')) AS c(name)
)
SELECT
  tenant,
  (DATE '1970-01-01' + day_number) AS day,
  figure,
  event_name,
  subject,
  detail,
  events,
  of_events,
  latest
FROM figures
