"""Which protocol a path belongs to."""

from collections.abc import Mapping

import pytest

from footfall.collector.handler import Collector
from footfall.collector.messages import Request
from footfall.collector.routes import Routes
from footfall.protocols.native import Native


class Other(Native):
    """The native protocol at other paths."""

    name = "other"
    routes: Mapping[str, tuple[str, ...]] = {"/events.json": ("POST", "PUT"), "/events/{id}.json": ()}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/v1/events", "native"),
        ("/events.json", "other"),
        ("/events/a-1.json", "other"),
        ("/events/{id}.json", "other"),
        ("/events/.json", None),
        ("/events/a/b.json", None),
        ("/events/a.json\n", None),
        ("/events/aXjson", None),
        ("", None),
    ],
)
def test_a_path_leads_to_its_protocol(path: str, found: str | None) -> None:
    route = Routes([Native(), Other()]).find(path)
    assert (route.protocol.name if route else None) == found


def test_two_protocols_cannot_have_one_path() -> None:
    with pytest.raises(ValueError, match="/v1/events"):
        Routes([Native(), Native()])


def test_a_collector_speaks_the_protocols_that_it_is_given() -> None:
    collector = Collector(None, None, lambda: 0, "i", [Other()])  # type: ignore[arg-type]
    assert collector.handle(Request("POST", "/v1/events", {}, b"")).status == 404
    refused = collector.handle(Request("GET", "/events.json", {}, b""))
    assert (refused.status, refused.headers["allow"]) == (405, "POST, PUT, OPTIONS")
    assert collector.handle(Request("DELETE", "/events/1.json", {}, b"")).headers["allow"] == "OPTIONS"
