SELECT
  v.tenant,
  v.visitor,
  v.visit_number,
  v.page_number,
  v.day_number,
  v.event_ms,
  v.event_id,
  v.client_time,
  e.page_url,
  e.page_host,
  e.page_path,
  e.page_title,
  e.referrer,
  ROW_NUMBER() OVER (
    PARTITION BY v.tenant, v.visitor, v.visit_number
    ORDER BY v.event_ms, v.event_id, v.client_time
  ) AS place,
  ROW_NUMBER() OVER (
    PARTITION BY v.tenant, v.visitor, v.visit_number
    ORDER BY v.event_ms DESC, v.event_id DESC, v.client_time DESC
  ) AS place_from_end
FROM visits AS v
INNER JOIN events AS e
  ON v.tenant = e.tenant AND v.event_id = e.event_id AND v.client_time = e.client_time
WHERE
  v.is_page_view = 1 AND e.name = 'page_view'
