SELECT
  tenant,
  visitor,
  visit_number,
  day_number,
  user_id,
  ROW_NUMBER() OVER (
    PARTITION BY tenant, visitor, visit_number
    ORDER BY event_ms DESC, event_id DESC, client_time DESC
  ) AS place_in_visit,
  ROW_NUMBER() OVER (
    PARTITION BY tenant, visitor, day_number
    ORDER BY event_ms DESC, event_id DESC, client_time DESC
  ) AS place_in_day
FROM visits
WHERE
  NOT user_id IS NULL
