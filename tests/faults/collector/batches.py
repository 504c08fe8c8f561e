"""The batches of a schedule: small ones mostly, with bad events among the good, now and then a huge one."""

import json
import random
from dataclasses import dataclass
from typing import Any

from tests.faults.collector.books import TENANTS, Books, Key

HUGE_TEXT = "1e15"


@dataclass(frozen=True)
class Batch:
    """Events to send, and their keys."""

    tenant: str
    events: tuple[str, ...]
    keys: tuple[Key, ...]

    def body(self, now: int) -> bytes:
        """The request's body, sent at `now` (epoch ms): a client that sends again stamps anew."""
        head = json.dumps({"write_key": f"key-{self.tenant}", "sent_at": now, "visitor": "v"})
        return f'{head[:-1]}, "events": [{",".join(self.events)}]}}'.encode()


def make_batch(chance: random.Random, books: Books, now: int, *, huge: bool = False) -> Batch:
    """A new batch, entered into the books as sent."""
    tenant = chance.choice(TENANTS)
    texts: list[str] = []
    keys: list[Key] = []
    for _ in range(chance.randint(1, 4)):
        event_id = f"{chance.getrandbits(64):016x}"
        content: dict[str, Any] = {"name": "page_view", "properties": {"n": chance.randrange(100)}}
        if huge:
            content["properties"]["many"] = [1e15] * 60_000
        event = {"id": event_id, "level": "mid", "time": now, **content}
        text = json.dumps(event).replace("1000000000000000.0", HUGE_TEXT)
        key: Key = (tenant, event_id, now)
        if chance.random() < 0.15:
            text = json.dumps({"id": event_id, "level": "nowhere"})
            key, content = (tenant, text, 0), {}
        texts.append(text)
        keys.append(key)
        books.sent[key] = content
        huge = False
    return Batch(tenant, tuple(texts), tuple(keys))
