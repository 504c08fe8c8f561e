"""The check job that Glue runs: is all well with what comes in, and do the books of the last days balance.

It prints what it found and ends as failed where that asks for somebody. It holds no lease: it reads the tables as of
the ledger's last commit, whatever runs meanwhile. Where it runs tells Spark which catalog `lake` is.
"""

import argparse
import dataclasses
import json
import time
from collections.abc import Callable, Sequence

from footfall.errors import FootfallError
from footfall.etl.books import DayBooks, first_day, reconcile
from footfall.etl.gaps import find_gaps
from footfall.etl.health import CHECKS, URGENT, Finding, examine
from footfall.etl.job import job_parser, run_job, say, spark_engine
from footfall.events.tenants import Tenant
from footfall.lake.actions import ActionLog
from footfall.lake.engines.port import Engine
from footfall.lake.locations import action_store, raw_store, tenant_registry
from footfall.lake.raw_store import RawStore
from footfall.lake.retention import read_retention
from footfall.lake.suppression import read_suppressions

DAYS = 2
_NAMED = 5


def main(arguments: Sequence[str]) -> None:
    """Run the job and print what it found, as one JSON line.

    Raises:
        FootfallError: the books do not balance, or a check found what it is to fail on.
    """
    parser = job_parser(__doc__, needs_raw=True)
    parser.add_argument("--days", type=int, default=DAYS, help="prove the books of so many days; 0: of all")
    parser.add_argument("--max-age-hours", type=float, default=24, help="how old a newest event may be; 0: any")
    parser.add_argument("--fail-on", default=",".join(URGENT), help=f"the checks to fail on, of {','.join(CHECKS)}")
    parser.add_argument("--gaps", action="store_true", help="look for lines that no raw object holds, too")
    known, _ = parser.parse_known_args(arguments)
    fails_on = _fails_on(known.fail_on)
    if known.days < 0:
        raise FootfallError(f"--days {known.days}: say how many days, or 0 for all.")
    now = time.time_ns() // 1_000_000
    first = first_day(known.days, now) if known.days else None
    store = raw_store(known.raw)
    tenants = tenant_registry(known.tenants, known.region).all()
    with spark_engine(known, writes=False) as engine:
        findings = examine(engine, store, tenants, now, known.max_age_hours)
        say("health")
        days = _books(engine, known, store, tenants, first)
        gaps = find_gaps(store, _progress("gaps"), first, engine.each) if known.gaps else None
    told = {} if gaps is None else {"gaps": [dataclasses.asdict(gap) for gap in gaps]}
    balanced = all(day.balanced for day in days)
    listed = [day.told() for day in days]
    print(
        json.dumps(
            {
                "balanced": balanced,
                "days": listed,
                "findings": [dataclasses.asdict(found) for found in findings],
                **told,
            }
        )
    )
    if wrong := [*_unbalanced(days), *_told([found for found in findings if found.check in fails_on])]:
        more = f"; and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise FootfallError("; ".join(wrong[:_NAMED]) + more)


def _fails_on(text: str) -> frozenset[str]:
    asked = frozenset(filter(None, text.split(",")))
    if unknown := sorted(asked - set(CHECKS)):
        raise FootfallError(f"--fail-on: there is no check {', '.join(unknown)}; there are {', '.join(CHECKS)}.")
    return asked


def _books(
    engine: Engine, known: argparse.Namespace, store: RawStore, tenants: Sequence[Tenant], first: int | None
) -> list[DayBooks]:
    log = ActionLog(action_store(known.raw))
    return reconcile(
        engine,
        store,
        _progress("books"),
        read_suppressions(log, tenants),
        read_retention(log),
        first,
    )


def _progress(what: str) -> Callable[[int, int], None]:
    return lambda done, total: say(f"{what}: {done} of {total} raw objects")


def _unbalanced(days: list[DayBooks]) -> list[str]:
    return [
        f"the books of {day.tenant or 'no tenant'} on {day.day} do not balance: {day.missing} missing, "
        f"{day.invented} invented"
        for day in days
        if not day.balanced
    ]


def _told(findings: list[Finding]) -> list[str]:
    return [f"{found.tenant or 'the lake'}: {found.check}: {found.found}; {found.way_out}" for found in findings]


if __name__ == "__main__":
    run_job(main)
