"""What clients of other protocols sent, and sent again, is in the lake's tables once."""

import json
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

from footfall.lake.layout import LocalLake
from footfall.lake.reader import connect
from footfall.local.etl_run import run_etl
from footfall.local.server import LocalServer


def test_events_that_were_sent_twice_are_in_the_lake_once(lake: LocalLake, server: LocalServer, write_key: str) -> None:
    now = datetime.now(UTC).replace(microsecond=123_000)
    when, milliseconds = now.isoformat(timespec="milliseconds"), str(int(now.timestamp() * 1000))
    page = {"type": "page", "userId": "u", "anonymousId": "a", "messageId": "m", "timestamp": when}
    bought = {"type": "track", "event": "buy", "userId": "u", "timestamp": when, "properties": {"value": 3.5}}
    item = {"event": "$set", "entityType": "item", "entityId": "i", "eventTime": when, "properties": {"price": 9}}
    view = {"e": "pv", "aid": write_key, "eid": "s", "dtm": milliseconds, "duid": "d", "url": "https://a.example/"}
    requests: list[tuple[str, Any]] = [
        ("/v1/batch", {"writeKey": write_key, "batch": [page, bought]}),
        (f"/events.json?accessKey={write_key}", item),
        ("/com.snowplowanalytics.snowplow/tp2", {"data": [view]}),
    ]
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    for path, document in requests * 2:
        connection.request("POST", path, json.dumps(document))
        response = connection.getresponse()
        response.read()
        assert response.status in (200, 201)
    connection.close()
    server.stop()

    run_etl(lake)

    with connect(lake, "shop") as tables:
        found = tables.execute("SELECT protocol, name, visitor, user_id, value FROM events ORDER BY ALL").fetchall()
        seen = tables.execute("SELECT DISTINCT visitor FROM sessions ORDER BY ALL").fetchall()
        pages = tables.execute("SELECT visitor FROM page_views ORDER BY ALL").fetchall()
    assert [(*row[:4], None if row[4] is None else float(row[4])) for row in found] == [
        ("predictionio", "$set", "", None, None),
        ("segment", "buy", "user:u", "u", 3.5),
        ("segment", "page_view", "a", "u", None),
        ("snowplow", "page_view", "d", None, None),
    ]
    assert pages == [("a",), ("d",)]
    assert seen == [("a",), ("d",), ("user:u",)]
