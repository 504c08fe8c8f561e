"""What one more hour costs on top of a long history, beside the same site's first days."""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from bench._figures import Figure, at_most, run, say
from bench._lake_history import BEGIN, DAY, Site, raw_objects
from footfall.etl.pipeline import RUN_TABLES
from footfall.events.tenant_file import TenantFile
from footfall.lake.catalog import load, open_catalog
from footfall.lake.commit import overwrite
from footfall.lake.expiry import expire_snapshots
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.ledger_names import snapshot_property
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import LEDGER
from footfall.local.etl_run import run_etl
from footfall.local.upkeep_run import run_upkeep

DAYS = 100
DAYS_AT_ONCE = 5
"""How many days of history a run takes in: compaction leaves the same files as of days that were loaded one by one."""
HOURS = 24
"""A day of them: on a shared machine the same hour takes a fifth more or less from run to run."""
HOURS_BEFORE = 30
"""So many of the last hours of history come one by one, as those that count do: late events wait for up to a day."""
TENANTS = 1_000
COMMITS = 2_000


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    days, commits = (10, COMMITS // 10) if quick else (DAYS, COMMITS)
    one = (Site("shop"),)
    many = tuple(Site(f"tenant-{number:04d}", 2) for number in range(TENANTS // (10 if quick else 1)))
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as folder:
        root = Path(folder)
        tenants = _tenants(root / "one", one)
        young, old = (_loaded(root / name, one, length, tenants) for name, length in (("young", 1), ("old", days)))
        first, last = _hours(young, old, one, days)
        yield _figure(f"an hour after {days} days, by one after a day", last, first)
        say(f"{commits} commits")
        _commit(old, commits)
        again, later = _hours(young, old, one, days, begin=HOURS + 1)
        yield _figure(f"the same after {commits} more commits", later, again)
        for lake in (young, old):
            shutil.rmtree(lake.root)
        tenants = _tenants(root / "many", many)
        young, old = (
            _loaded(root / f"{name}-many", many, length, tenants) for name, length in (("young", 1), ("old", days))
        )
        first, last = _hours(young, old, many, days)
        yield _figure(f"the same of {len(many)} tenants", last, first)


def _figure(name: str, ours: float, theirs: float) -> Figure:
    return Figure(name, ours, theirs, "CPU s", 1.2, at_most(1.2))


def _tenants(root: Path, sites: Sequence[Site]) -> Path:
    """The tenants' file of a lake: to add a thousand, one by one, takes minutes, so it is made once."""
    lake = open_lake(root, create=True)
    for site in sites:
        TenantFile(lake.tenants).add(site.tenant, 0)
    return lake.tenants


def _loaded(root: Path, sites: Sequence[Site], days: int, tenants: Path) -> LocalLake:
    """A lake of these tenants and of so many days, kept up."""
    lake = open_lake(root, create=True)
    shutil.copyfile(tenants, lake.tenants)
    single = max(0, days * 24 - HOURS_BEFORE) if days > 1 else 24
    for hour in (*range(0, single, DAYS_AT_ONCE * 24), *range(single, days * 24)):
        until = hour + 1 if hour >= single else min(single, hour + DAYS_AT_ONCE * 24)
        _put(lake, sites, range(hour, until))
        run_etl(lake, recent=True)
        say(f"{until / 24:.2f} days of {len(sites)} tenants")
    run_upkeep(lake, grace_ms=0, now=BEGIN + days * DAY)
    return lake


def _hours(young: LocalLake, old: LocalLake, sites: Sequence[Site], days: int, begin: int = 0) -> tuple[float, float]:
    """The median CPU seconds of a run that takes in an hour, of a lake of one day and of one of so many.

    The hours follow each other, and the lakes take turns; an hour before them does not count.
    """
    spent: dict[int, list[float]] = {1: [], days: []}
    waits = False
    for hour in range(begin, begin + HOURS + 1):
        for age, lake in ((1, young), (days, old)):
            number = age * 24 + hour
            _put(lake, sites, range(number, number + 1))
            began = time.process_time()
            report = run_etl(lake, recent=True)
            if hour > begin:
                spent[age].append(time.process_time() - began)
            expected = sum(len(line.events) for site in sites for line in site.hour(number))
            assert report.objects == 1
            assert report.events == expected
            waits = waits or report.waiting > 0
    assert waits, "no late event waited for its day"
    say(f"an hour: {[[round(each, 2) for each in of_age] for of_age in spent.values()]}")
    return statistics.median(spent[1]), statistics.median(spent[days])


def _put(lake: LocalLake, sites: Sequence[Site], hours: range) -> None:
    for key, data in raw_objects(sites, hours):
        path = lake.raw / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _commit(lake: LocalLake, commits: int) -> None:
    """So many more commits, with the snapshots bound as a run bounds them; the ledger names the last ones."""
    catalog = open_catalog(lake)
    for number in range(commits):
        table = RUN_TABLES[number % len(RUN_TABLES)]
        found = load(catalog, table.name)
        if found.current_snapshot() is not None:
            overwrite(found, [], _no_rows(arrow_schema(table)), {"footfall.bench": str(number)})
            expire_snapshots(load(catalog, table.name), _named(lake))
    names = {
        snapshot_property(table): str(current.snapshot_id)
        for table in RUN_TABLES
        if (current := load(catalog, table.name).current_snapshot()) is not None
    }
    overwrite(load(catalog, LEDGER.name), [], _no_rows(arrow_schema(LEDGER)), names)


def _named(lake: LocalLake) -> tuple[int, ...]:
    """The snapshots that the ledger's commits name, by any table: these are kept."""
    ledger = load(open_catalog(lake), LEDGER.name)
    said = (snapshot.summary.additional_properties if snapshot.summary else {} for snapshot in ledger.snapshots())
    return tuple(int(value) for properties in said for name, value in properties.items() if name.endswith("-snapshot"))


def _no_rows(schema: pa.Schema) -> pa.Table:
    return schema.empty_table()


if __name__ == "__main__":
    sys.exit(run("etl_incremental", measure))
