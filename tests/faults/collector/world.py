"""Firehose, S3 and time as a seed makes them: at the boundary of the AWS client, in one process."""

import gzip
import random
from collections.abc import Sequence

from footfall.collector.aws.errors import AwsError

START = 1_767_225_600_000

# What may happen to a call, by what the weather is like: chances of each fault, the rest is well.
WEATHER: dict[str, dict[str, float]] = {
    "fair": {},
    "throttled": {"throttle": 0.6, "refused": 0.2},
    "partial": {"refused": 0.7},
    "broken": {"error": 0.7, "closed": 0.1, "closed_landed": 0.1},
    "slow": {"timeout": 0.4, "timeout_landed": 0.4},
    "away": {"error": 1.0},
    "silent": {"timeout": 1.0},
    "ambiguous": {"timeout_landed": 1.0},
    "mixed": {
        "throttle": 0.1,
        "refused": 0.1,
        "error": 0.1,
        "timeout": 0.1,
        "timeout_landed": 0.1,
        "closed_landed": 0.1,
        "unreadable": 0.1,
    },
}


class Killed(BaseException):
    """The process is ended here: nothing of it runs on."""


class World:
    """One world a schedule. What lands in `delivered` or `objects` is durable, whatever becomes of the process."""

    def __init__(self, chance: random.Random, kill_chance: float) -> None:
        self.chance = chance
        self.kill_chance = kill_chance
        self.seconds = 0.0
        self.firehose = self.s3 = "fair"
        self.delivered: list[bytes] = []
        self.objects: dict[str, bytes] = {}
        self.happened: dict[str, int] = {}

    def now(self) -> int:
        return START + int(self.seconds * 1000)

    def monotonic(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.step("pause")
        self.seconds += seconds

    def step(self, name: str) -> None:
        """A step at which the process may be killed."""
        if self.chance.random() < self.kill_chance:
            self.count(f"kill at {name}")
            raise Killed

    def count(self, what: str) -> None:
        self.happened[what] = self.happened.get(what, 0) + 1

    def fault(self, weather: str) -> str:
        drawn = self.chance.random()
        for fault, likely in WEATHER[weather].items():
            drawn -= likely
            if drawn < 0:
                self.count(fault)
                return fault
        return ""

    def take_time(self, fault: str, seconds: float) -> None:
        """A call's time: an answer in 5 to 60 ms, unless the limit comes first."""
        self.seconds += seconds if fault.startswith("timeout") else min(seconds, self.chance.uniform(0.005, 0.06))

    def raw(self) -> list[bytes]:
        """All raw lines, without their newlines."""
        spilled = [gzip.decompress(body) for body in self.objects.values()]
        return b"".join([*self.delivered, *spilled]).splitlines()


def fail(fault: str) -> None:
    """Raise what the client raises for a fault, if that is an error."""
    errors = {
        "throttle": AwsError("ThrottlingException", 400),
        "error": AwsError("InternalFailure", 500),
        "closed": AwsError("ConnectionFailed"),
        "closed_landed": AwsError("ConnectionFailed"),
        "timeout": AwsError("Timeout"),
        "timeout_landed": AwsError("Timeout"),
        "unreadable": AwsError("AnswerUnreadable", 200),
        "refused": AwsError("SlowDown", 503),
    }
    if fault:
        raise errors[fault]


LANDS = {"", "timeout_landed", "closed_landed", "unreadable"}


class FaultyStream:
    """A stream whose calls fare as the world says."""

    def __init__(self, world: World) -> None:
        self._world = world

    def put(self, records: Sequence[bytes], seconds: float) -> list[str]:
        world = self._world
        world.step("before Firehose")
        fault = world.fault(world.firehose)
        world.take_time(fault, seconds)
        if fault == "refused":
            refused = [world.chance.random() < 0.7 for _ in records]
            world.delivered += [record for record, no in zip(records, refused, strict=True) if not no]
            world.step("after a part")
            return ["ServiceUnavailableException" if no else "" for no in refused]
        if fault in LANDS:
            world.delivered += records
        world.step("after Firehose")
        fail(fault)
        return [""] * len(records)


class FaultyBucket:
    """A bucket whose calls fare as the world says."""

    def __init__(self, world: World) -> None:
        self._world = world

    def put(self, key: str, body: bytes, seconds: float) -> None:
        world = self._world
        world.step("before S3")
        fault = world.fault(world.s3)
        world.take_time(fault, seconds)
        if fault in LANDS:
            assert world.objects.setdefault(key, body) == body, f"{key} is written twice, with another content"
        world.step("after S3")
        fail(fault)
