"""A write key for some names of events takes in these, and no others."""

import json
from pathlib import Path
from typing import Any

import pytest

from footfall.collector.handler import Collector
from footfall.collector.messages import Request
from footfall.events.tenant_file import TenantFile

NOW = 1_767_225_600_000


@pytest.mark.parametrize(
    ("of_tenant", "of_key", "accepted"),
    [
        ((), (), ["buy", "search", "view"]),
        ((), ("view", "buy"), ["buy", "view"]),
        (("search", "buy"), ("view", "buy"), ["buy"]),
        (("search",), ("view",), []),
    ],
)
def test_a_key_sends_what_its_own_list_and_its_tenants_allow(
    tmp_path: Path, sink: Any, of_tenant: tuple[str, ...], of_key: tuple[str, ...], accepted: list[str]
) -> None:
    path = tmp_path / "tenants.toml"
    path.write_text("format = 1\n")
    TenantFile(path).add("shop", NOW)
    key = TenantFile(path).add_key("shop", NOW, of_key)
    path.write_text(path.read_text().replace("\nevent_names = []", f"\nevent_names = {json.dumps(of_tenant)}"))
    events = [{"id": name, "name": name, "level": "high", "time": NOW} for name in ("buy", "search", "view")]
    body = {"write_key": key, "sent_at": NOW, "visitor": "v", "events": events}

    answer = Collector(TenantFile(path), sink, lambda: NOW, "i").handle(
        Request("POST", "/v1/events", {}, json.dumps(body).encode())
    )

    assert answer.status == 200
    assert [event.name for event in sink.lines[0].events] == accepted
    assert {rejected.reason for rejected in sink.lines[0].rejected} <= {"name_not_allowed"}
    assert len(sink.lines[0].rejected) == 3 - len(accepted)
