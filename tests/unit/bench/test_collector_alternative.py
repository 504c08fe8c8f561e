"""The alternative stores what the collector stores: the figures compare the same work."""

import json
from typing import Any

from bench._traffic import NOW, WRITE_KEY, OneTenant, full_batches, gateway_event
from bench.alternatives.pydantic_collector import PydanticCollector
from footfall.collector.api_gateway import respond
from footfall.collector.handler import Collector
from footfall.events.raw_line import EncodedLine
from footfall.events.tenants import hash_write_key


class Lines:
    """A sink that keeps the bytes of lines."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def write(self, line: EncodedLine) -> None:
        self.lines.append(line.text + b"\n")

    def close(self) -> None:
        pass


def test_both_store_the_same_events_without_what_is_private_and_reject_the_same() -> None:
    ours, theirs = Lines(), list[bytes]()
    collector = Collector(OneTenant(), ours, lambda: NOW, "i")
    alternative = PydanticCollector({hash_write_key(WRITE_KEY): "shop"}.get, theirs.append, lambda: NOW, "i")
    event = gateway_event(full_batches(4_000)[0])
    batch = json.loads(event["body"])
    batch["events"][3]["level"] = "none"
    batch["events"][5]["time"] = NOW + 2 * 86_400_000
    told = "https://joe:SECRET@shop.example/a;s=SECRET?q=SECRET&utm_source=SECRET%40mail.example&sort=up#id=SECRET"
    batch["page"] = {"url": told, "title": "A page"}
    batch["events"][1]["page"] = {"url": told, "referrer": told}
    batch["events"][2]["properties"] = {
        "href": told,
        "list": ["/a?email=SECRET", "plain?"],
        "mail": "mailto:SECRET@a.bc",
    }
    event["body"] = json.dumps(batch)

    answers = [json.loads(respond(collector, event)["body"]), json.loads(alternative.handle(event)["body"])]

    assert [(answer["accepted"], answer["rejected"]) for answer in answers] == [(18, 2), (18, 2)]
    assert [[error["index"] for error in answer["errors"]] for answer in answers] == [[3, 5], [3, 5]]
    assert _without_words(ours.lines[0]) == _without_words(theirs[0])
    assert b"SECRET" not in theirs[0]


def _without_words(line: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(line)
    document["rejected"] = [rejected["index"] for rejected in document["rejected"]]
    return document
