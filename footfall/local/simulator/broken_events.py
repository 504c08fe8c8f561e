"""Events that a collector must refuse, each with the reason that it must give."""

import json
from collections.abc import Callable
from random import Random

from footfall.events.model import MAX_JSON_DEPTH
from footfall.events.reasons import Reason
from footfall.local.simulator.events import new_id

_YEAR_2100 = 4_102_444_800_000
_YEAR_2005 = 1_104_537_600_000


def _deep(depth: int) -> dict[str, object]:
    return {"inner": _deep(depth - 1)} if depth else {}


def _text(event: dict[str, object]) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode()


def _with(**changes: object) -> Callable[[dict[str, object]], bytes]:
    return lambda event: _text(event | changes)


def _without(name: str) -> Callable[[dict[str, object]], bytes]:
    return lambda event: _text({key: value for key, value in event.items() if key != name})


def _beyond_a_double(event: dict[str, object]) -> bytes:
    return _text(event)[:-1] + b',"properties":{"weight":1e999}}'


_KINDS: tuple[tuple[Reason, Callable[[dict[str, object]], bytes]], ...] = (
    (Reason.EVENT_INVALID, _with(level="medium")),
    (Reason.EVENT_INVALID, _with(time="yesterday")),
    (Reason.EVENT_INVALID, _with(name="")),
    (Reason.EVENT_INVALID, _with(colour="green")),
    (Reason.EVENT_INVALID, _without("id")),
    (Reason.EVENT_INVALID, _without("time")),
    (Reason.PROPERTIES_TOO_DEEP, _with(properties=_deep(MAX_JSON_DEPTH + 5))),
    (Reason.TIME_IN_FUTURE, _with(time=_YEAR_2100)),
    (Reason.TIME_TOO_OLD, _with(time=_YEAR_2005)),
    (Reason.EVENT_NOT_JSON, _beyond_a_double),
)


def broken_event(random: Random, time: int) -> tuple[Reason, bytes]:
    """An event of about that time (epoch milliseconds), spoilt in one way: the reason expected, and its JSON text."""
    event = {"id": new_id(random), "name": "page_view", "level": "mid", "time": time}
    reason, spoil = random.choice(_KINDS)
    return reason, spoil(event)
