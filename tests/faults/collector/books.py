"""What a client sent, what was acknowledged, what lies in raw; and whether they agree."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from footfall.events import raw_line

Key = tuple[str, str, int]
"""Tenant, event id, client time: copies of an event share all three. A rejected event has its text for an id."""
TENANTS = ("shop", "blog")


@dataclass
class Books:
    """The client's side of a schedule."""

    sent: dict[Key, dict[str, Any]] = field(default_factory=dict)
    acknowledged: set[Key] = field(default_factory=set)


@dataclass(frozen=True)
class Findings:
    """What is wrong: events acknowledged and not in raw, in raw and never sent so, and lines that contradict."""

    lost: tuple[Key, ...]
    invented: tuple[Key, ...]
    contradicting: tuple[tuple[str, int], ...]
    copies: int

    @property
    def good(self) -> bool:
        """Whether nothing is wrong. Copies are not: the lake keeps one."""
        return not (self.lost or self.invented or self.contradicting)


def audit(books: Books, raw: Iterable[bytes]) -> Findings:
    """Hold the texts of all raw lines to the books.

    A line that is there twice must be the same line; an event that is there twice must be the same event, so that
    keeping one by (tenant, id, client time) leaves each exactly once and as it was sent.
    """
    found: dict[Key, int] = {}
    invented: list[Key] = []
    lines: dict[tuple[str, int], bytes] = {}
    contradicting = []
    for text in raw:
        line = raw_line.decode(text)
        place = (line.instance, line.sequence)
        if lines.setdefault(place, text) != text:
            contradicting.append(place)
        kept: list[tuple[Key, Any]] = [
            ((line.tenant, event.id, event.time), {"name": event.name, "properties": event.properties})
            for event in line.events
        ]
        kept += [((line.tenant, rejected.text, 0), {}) for rejected in line.rejected]
        for key, content in kept:
            found[key] = found.get(key, 0) + 1
            if books.sent.get(key) != content:
                invented.append(key)
    lost = tuple(sorted(books.acknowledged - set(found)))
    return Findings(lost, tuple(invented), tuple(contradicting), sum(found.values()) - len(found))
