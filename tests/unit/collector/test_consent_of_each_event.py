"""A batch in which visitors differ in consent: each event is stored as if it had come alone."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.collector.handler import Collector
from footfall.collector.messages import Request
from footfall.events import raw_line
from footfall.events.raw_line import EncodedLine, RawEvent, RawLine, RawRejected
from footfall.events.raw_object import compress
from footfall.events.tenants import EventSchema, Tenant
from footfall.lake.raw_rows import decode_object

NOW = 1_767_225_600_000
_PREFERENCES = {"granted": {"a": True}, "denied": {"a": False}, "unknown": {"a": True, "b": False}, None: None}
_ACTIONS = st.sampled_from(["store", "anonymous", "drop"])


class _OneTenant:
    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        return self.tenant

    def all(self) -> tuple[Tenant, ...]:
        return (self.tenant,)


class _ListSink:
    def __init__(self) -> None:
        self.lines: list[RawLine] = []

    def write(self, line: EncodedLine) -> None:
        self.lines.append(raw_line.decode(line.text))

    def close(self) -> None:
        pass


def _call(number: int, said: str | None, kind: str = "track", **context: Any) -> dict[str, Any]:
    if _PREFERENCES[said] is not None:
        context["consent"] = {"categoryPreferences": _PREFERENCES[said]}
    return {
        "type": kind,
        "event": "buy",
        "messageId": f"m-{number}",
        "userId": f"u-{number}",
        "anonymousId": f"v-{number}",
        "timestamp": "2026-01-01T00:00:00.123Z",
        "properties": {"email": f"{number}@shop.example", "href": "https://a.example/?gclid=x&q=y"},
        "context": context | {"page": {"url": f"https://a.example/{number}?gclid=x"}},
    }


def _stored(tenant: Tenant, *calls: Any, headers: dict[str, str] | None = None) -> RawLine:
    sink = _ListSink()
    collector = Collector(_OneTenant(tenant), sink, lambda: NOW, "i-1")
    body = json.dumps({"writeKey": "k", "batch": calls}).encode()
    request = Request("POST", "/v1/batch", {"user-agent": "server/1"} | (headers or {}), body, "203.0.113.77")
    assert collector.handle(request).status == 200
    (line,) = sink.lines
    return line


def _without_chance(visitor: str) -> str:
    return "anonymous" if visitor.startswith("anonymous-") else visitor


def _as_if_alone(line: RawLine) -> list[RawEvent | RawRejected]:
    """What is stored of each event, whether it stands beside it or in the head; random visitors made equal."""
    events = [
        msgspec.structs.replace(
            event,
            index=0,
            visitor=_without_chance(event.visitor or line.visitor),
            user=event.user or line.user,
            ip=event.ip or line.ip,
            user_agent=event.user_agent or line.user_agent,
            consent=event.consent or line.consent,
        )
        for event in line.events
    ]
    rejected = [msgspec.structs.replace(item, index=0) for item in line.rejected]
    places = [event.index for event in line.events] + [item.index for item in line.rejected]
    assert sorted(places) == list(range(len(places)))
    all_of_them: list[RawEvent | RawRejected] = [*events, *rejected]
    return [one for _, one in sorted(zip(places, all_of_them, strict=True), key=lambda both: both[0])]


@given(
    st.lists(st.tuples(st.sampled_from(list(_PREFERENCES)), st.sampled_from(["track", "identify", "nonsense"]))),
    _ACTIONS,
    _ACTIONS,
    st.sampled_from(["store", "anonymous"]),
    st.booleans(),
    st.booleans(),
)
def test_each_event_of_a_mixed_batch_is_stored_as_if_it_had_come_alone(
    told: list[tuple[str | None, str]], denied: Any, unknown: Any, signal: Any, sends_signal: bool, has_rules: bool
) -> None:
    rules = (EventSchema("buy", "warn", '{"required": ["sku"]}'),) if has_rules else ()
    tenant = Tenant(
        "shop", "s", on_consent_denied=denied, on_consent_unknown=unknown, on_do_not_track=signal, schemas=rules
    )
    headers = {"dnt": "1"} if sends_signal else {}
    calls = [_call(number, said, kind) for number, (said, kind) in enumerate(told)] or [_call(0, None)]
    together = _as_if_alone(_stored(tenant, *calls, headers=headers))
    alone = [one for call in calls for one in _as_if_alone(_stored(tenant, call, headers=headers))]
    assert together == alone


@given(st.lists(st.sampled_from(list(_PREFERENCES)), min_size=1), _ACTIONS, _ACTIONS)
def test_the_events_of_those_who_grant_are_kept_whatever_others_of_the_batch_say(
    told: list[str | None], denied: Any, unknown: Any
) -> None:
    tenant = Tenant("shop", "s", on_consent_denied=denied, on_consent_unknown=unknown)
    line = _stored(tenant, *(_call(number, said) for number, said in enumerate(told)))
    rows = decode_object("2026/01/01/00/a.json.gz", compress(raw_line.encode(line) + b"\n")).events.to_pylist()
    kept = {row["event_id"]: row for row in rows}
    for number, said in enumerate(told):
        if said == "granted":
            row = kept[f"m-{number}"]
            who = (row["visitor"], row["user_id"], row["ip"], row["consent"])
            assert who == (f"v-{number}", f"u-{number}", "203.0.113.0", "granted")
            assert f"{number}@shop.example" in row["properties"]


def test_each_anonymous_event_of_a_mixed_batch_has_a_visitor_of_its_own() -> None:
    line = _stored(Tenant("shop", "s"), _call(0, "denied"), _call(1, "granted"), _call(2, "denied"))
    assert [event.consent for event in line.events] == [None, "granted", None]
    assert (line.visitor, line.user, line.ip, line.consent) == ("", "", "", "denied")
    first, granting, last = line.events
    assert granting.visitor == "v-1"
    assert first.visitor.startswith("anonymous-")
    assert last.visitor.startswith("anonymous-")
    assert first.visitor != last.visitor


def test_of_a_dropped_event_only_its_number_is_kept_and_of_the_others_all() -> None:
    tenant = Tenant("shop", "s", on_consent_denied="drop")
    line = _stored(tenant, _call(0, "granted"), _call(1, "denied", secret="SECRET"), _call(2, None))
    assert [(item.index, item.reason, item.text) for item in line.rejected] == [(1, "not_consented", "")]
    assert [event.index for event in line.events] == [0, 2]
    text = raw_line.encode(line)
    assert b"SECRET" not in text
    assert b"v-1" not in text


@pytest.mark.parametrize("broken", [{"timestamp": "soon"}, {"type": 7}, {"context": 7}])
def test_of_a_rejected_event_no_text_is_kept_where_it_may_be_of_one_who_denies(broken: dict[str, Any]) -> None:
    calls = [_call(0, "granted"), _call(1, "denied") | broken, _call(2, "granted") | {"timestamp": "soon"}]
    line = _stored(Tenant("shop", "s"), *calls, _call(3, "denied"))
    assert [(item.index, bool(item.text)) for item in line.rejected] == [(1, False), (2, True)]


def test_consent_is_written_once_where_all_events_agree() -> None:
    line = _stored(Tenant("shop", "s"), _call(0, "denied"), _call(1, "denied"))
    assert [event.consent for event in line.events] == [None, None]
    assert line.consent == "denied"
