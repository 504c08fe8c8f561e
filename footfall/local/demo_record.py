"""What a demo leaves in its lake for the next one: `demo.json`, which only its owner may read."""

import os
import tempfile
from datetime import date, timedelta
from pathlib import Path

import msgspec

from footfall.errors import FootfallError
from footfall.events.tenants import TenantRegistry
from footfall.events.validation import MAX_AGE_MILLISECONDS
from footfall.local.simulator.simulation import DAYS, MODEL

NAME = "demo.json"
TENANT = "demo"


class DemoRecord(msgspec.Struct):
    """Which traffic a lake's tenant `demo` holds, and how often it was sent.

    `begun` and `completed` count sendings; `repeats` the requests sent again because no answer came: of those, and of
    a sending that was broken off, nobody knows whether they arrived.
    """

    seed: int
    events: int
    end_day: date
    model: int
    write_key: str
    begun: int = 0
    completed: int = 0
    repeats: int = 0

    @property
    def exact(self) -> bool:
        """Whether it is known to the event what the collector has received."""
        return self.begun == self.completed and not self.repeats


def path(lake: Path) -> Path:
    """Where a lake's record is."""
    return lake / NAME


def read(lake: Path) -> DemoRecord | None:
    """The record of a lake, or None.

    Raises:
        FootfallError: it cannot be read.
    """
    try:
        return msgspec.json.decode(path(lake).read_bytes(), type=DemoRecord)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise FootfallError(
            f"{path(lake)} cannot be read: {error}. Run the demo in another folder with --lake."
        ) from error


def write(lake: Path, record: DemoRecord) -> None:
    """Keep the record; a reader sees the old one or the new, whole."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{NAME}.", dir=lake)  # mode 600
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(record))
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path(lake))


def last_monday(today: date) -> date:
    """The Monday of this week: where the simulated days of a new demo end."""
    return today - timedelta(days=today.weekday())


def resume(lake: Path, registry: TenantRegistry, seed: int, events: int, today: date) -> DemoRecord | None:
    """The record that this demo goes on from, or None where the lake has had none.

    Raises:
        FootfallError: the lake's tenant `demo` holds other traffic than this seed, number and day would give.
    """
    record = read(lake)
    elsewhere = "Run the demo in another folder with --lake."
    if record is None:
        if any(tenant.name == TENANT for tenant in registry.all()):
            raise FootfallError(f"{lake} has a tenant {TENANT!r} that no demo made. {elsewhere}")
        return None
    if (record.seed, record.events) != (seed, events):
        raise FootfallError(
            f"{lake} holds the demo of --seed {record.seed} --events {record.events}: run that again, or another one "
            "in another folder with --lake."
        )
    if record.model != MODEL:
        raise FootfallError(f"{lake} holds the demo of another version of the simulator. {elsewhere}")
    oldest = record.end_day - timedelta(days=DAYS)
    if (today - oldest).days >= MAX_AGE_MILLISECONDS // 86_400_000:
        raise FootfallError(f"{lake} holds a demo from {record.end_day}, too old to be sent again. {elsewhere}")
    return record
