"""Find the events of a batch whose text no JSON reader takes as a whole, so that only the bad ones are lost.

Real clients send such bodies: `JSON.stringify` writes half an emoji as a lone surrogate, Python's `json.dumps` writes
NaN. The events are told apart by their brackets and strings alone; each is then read, or rejected, by itself.

Anyone may send such a body, with a write key or without. So the patterns here take time linear in it, and how often
they are asked is bounded.
"""

import re
from functools import lru_cache

from msgspec import Raw

MAX_STEPS = 65_536
"""How many brackets and commas are looked at, one by one. A body of 64 KiB, a browser's largest, never has more."""

_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_FLAT = rb'[\[{][^"\[\]{}]*(?:' + _STRING + rb'[^"\[\]{}]*)*[\]}]'
"""An array or object that holds no other: most are, and are passed over as one."""


def _after(passed: bytes, plain: bytes, token: bytes) -> re.Pattern[bytes]:
    """What passes over plain characters, and what `passed` matches, as far as it goes, and stops after a token.

    It never goes back: what a look ahead has found stays. (Of possessive repeats around others, CPython before 3.11.5
    finds too little.) Nothing in it can be passed over in two ways.
    """
    whole = plain + rb"*(?:(?:" + passed + rb")" + plain + rb"*)*"
    return re.compile(rb"(?=(?P<passed>" + whole + rb"))(?P=passed)(?P<token>" + token + rb")", re.DOTALL)


# A string that never ends stops all of them.
_INNER = _after(_STRING + rb"|" + _FLAT, rb'[^"\[\]{}]', rb"[\[{]+|[\]}]+")
_ELEMENT = _after(_STRING + rb"|" + _FLAT, rb'[^"\[\]{},]', rb"[\[\]{},]")


def split_events(body: bytes, field: bytes = b"events") -> tuple[bytes, list[Raw]] | None:
    """The body with its events blanked out (its length kept, so that places in it stay right), and each event's text.

    None where the body is not one object whose brackets match up, with exactly one array named `field` in it, or where
    it would take more than `MAX_STEPS` steps to know.
    """
    place = len(body) - len(body.lstrip()) + 1
    if body[place - 1 : place] != b"{":
        return None
    outer = _outer(field)
    depth, inside = 1, False
    start = element = end = -1
    events: list[Raw] = []
    for _ in range(MAX_STEPS):
        found = (outer if depth == 1 else _ELEMENT if depth == 2 and inside else _INNER).match(body, place)
        if found is None:
            return None
        token = found["token"]
        place = found.end()
        if token == b",":
            events.append(Raw(body[element : place - 1].strip()))
            element = place
        elif token[-1] in b"[{":
            if depth == 1 and len(token) > 1:
                if start >= 0:
                    return None
                start = element = place
                inside = True
            depth += len(token) if depth > 1 else 1
        else:
            # Of several that close, those below the array of events, or the outer object, are the next step's.
            closed = min(len(token), max(1, depth - 2))
            place = found.start("token") + closed
            depth -= closed
            if depth == 1 and inside:
                end, inside = place - 1, False
                if events or body[element:end].strip():
                    events.append(Raw(body[element:end].strip()))
            if depth == 0:
                break
    if depth != 0 or end < 0 or body[place:].strip():
        return None
    return body[:start] + b" " * (end - start) + body[end:], events


@lru_cache(maxsize=16)
def _outer(field: bytes) -> re.Pattern[bytes]:
    """What is passed over in the outer object: all but the beginning of the events, or a bracket."""
    begin = rb'"' + re.escape(field) + rb'"\s*:\s*\['
    passed = rb"(?!" + begin + rb")" + _STRING + rb"|" + _FLAT
    return _after(passed, rb'[^"\[\]{}]', begin + rb"|[\[\]{}]")
