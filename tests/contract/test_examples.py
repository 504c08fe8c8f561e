"""Every example of the contract does at the collector what it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from footfall.collector.handler import Collector
from footfall.collector.messages import Request
from footfall.events import raw_line
from footfall.events.raw_line import RawLine
from footfall.events.reasons import Reason

EXAMPLES = Path(__file__).resolve().parents[2] / "contract" / "examples"
VALID = sorted((EXAMPLES / "valid").glob("*.json"))
OTHERS = sorted((EXAMPLES / "other_protocols").glob("*.json"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.json"))

# These have no body that shows them: they are of paths, encodings, servers, tenants' settings, or files.
_WITHOUT_EXAMPLE = {
    Reason.ORIGIN_NOT_ALLOWED,
    Reason.QUOTA_EXCEEDED,
    Reason.BODY_INFLATES_TOO_MUCH,
    Reason.NAME_NOT_ALLOWED,
    Reason.SCHEMA_MISMATCH,
    Reason.NOT_CONSENTED,
    Reason.NOT_FOUND,
    Reason.METHOD_NOT_ALLOWED,
    Reason.UNAVAILABLE,
    Reason.INTERNAL_ERROR,
    Reason.BODY_UNREADABLE,
    Reason.LINE_UNREADABLE,
    Reason.LINE_DAMAGED,
    Reason.ORIGIN_NOT_ALLOWED,
    Reason.QUOTA_EXCEEDED,
}


class Kept:
    """What the `sink` fixture is."""

    lines: list[RawLine]


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_example_is_taken_whole_and_can_be_read_back(path: Path, collector: Collector, sink: Kept) -> None:
    document = json.loads(path.read_text("utf-8"))

    response = collector.handle(_request(path.read_bytes()))

    assert json.loads(response.body) == {"accepted": len(document["events"]), "rejected": 0, "errors": []}
    assert response.status == 200
    (line,) = sink.lines
    assert raw_line.decode(raw_line.encode(line)) == line
    assert [event.properties for event in line.events] == [event.get("properties", {}) for event in document["events"]]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_example_is_refused_with_its_reason(path: Path, collector: Collector, sink: Kept) -> None:
    example = json.loads(path.read_text("utf-8"))

    response = collector.handle(_request(_body(example)))

    answer = json.loads(response.body)
    if response.status == 200:
        (error,) = answer["errors"]
        assert (error["reason"], answer["accepted"], answer["rejected"]) == (example["reason"], 0, 1)
        (rejected,) = sink.lines[0].rejected
        assert (rejected.reason, rejected.detail) == (error["reason"], error["detail"])
    else:
        error = answer
        assert 400 <= response.status < 500
        assert error["error"] == example["reason"]
        assert sink.lines == []
    assert example.get("detail_contains", "") in error["detail"]


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_an_example_of_another_protocol_is_answered_and_stored_as_it_says(
    path: Path, collector: Collector, sink: Kept
) -> None:
    example = json.loads(path.read_text("utf-8"))
    body = json.dumps(example["body"]).encode() if "body" in example else b""
    response = collector.handle(Request(example["method"], example["path"], {}, body, query=example.get("query", "")))
    assert response.status == example["status"]
    assert sum(len(line.events) for line in sink.lines) == example["accepted"]
    assert [rejected.reason for line in sink.lines for rejected in line.rejected] == example["reasons"]


def test_every_reason_has_an_example() -> None:
    shown = {json.loads(path.read_text("utf-8"))["reason"] for path in INVALID}
    assert shown == {reason.value for reason in set(Reason) - _WITHOUT_EXAMPLE}


def _request(body: bytes) -> Request:
    return Request("POST", "/v1/events", {"content-type": "text/plain"}, body)


def _body(example: dict[str, Any]) -> bytes:
    if "body_text" in example:
        body: bytes = example["body_text"].encode()
    else:
        document = example["body"]
        if "repeat_first_event" in example:
            document["events"] = document["events"][:1] * example["repeat_first_event"]
        body = json.dumps(document, ensure_ascii=False).encode()
    return body.ljust(example.get("pad_body_to", 0))
