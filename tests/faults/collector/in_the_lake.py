"""The last step of a schedule: the real ETL over what lies in raw, and each event in the lake exactly once."""

import gzip
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from footfall.local.reconcile_run import run_reconcile
from tests.faults.collector.books import Key
from tests.faults.collector.cloud import KNOWN
from tests.faults.collector.sockets import Outcome
from tests.lakes import SmallLake


@dataclass(frozen=True)
class InTheLake:
    """What the ETL made of raw: events and rejected ones in the tables, and in one line each what is wrong."""

    events: int
    rejected: int
    wrong: tuple[str, ...]


def take_in(outcomes: Sequence[Outcome]) -> InTheLake:
    """Take the raw objects of schedules into a lake, in two runs, and hold its tables and books to what was sent."""
    with tempfile.TemporaryDirectory() as folder:
        lake = SmallLake(Path(folder) / "lake", KNOWN)
        for half in (0, 1):
            for number, outcome in enumerate(outcomes):
                for key in sorted(outcome.objects)[half::2]:
                    lake.put_bytes(f"{number}/{key}", gzip.compress(outcome.objects[key], mtime=0))
            lake.run()
        events = Counter[Key](lake.query("SELECT tenant, event_id, epoch_ms(client_time) FROM events"))
        rejected = Counter[Key](lake.query("SELECT tenant, text, 0 FROM quarantine"))
        unbalanced = [day for day in run_reconcile(lake.lake) if not day.balanced]
    kept = events + rejected
    sent: set[Key] = set().union(*(outcome.books.sent for outcome in outcomes))
    acknowledged: set[Key] = set().union(*(outcome.books.acknowledged for outcome in outcomes))
    wrong = [f"not in the lake: {key}" for key in sorted(acknowledged - set(kept))]
    wrong += [f"never sent: {key}" for key in sorted(set(kept) - sent)]
    wrong += [f"{count} times in the lake: {key}" for key, count in sorted(events.items()) if count > 1]
    wrong += [f"the books do not balance: {day}" for day in unbalanced]
    return InTheLake(events.total(), rejected.total(), tuple(wrong))
