"""What the embedded ETL spends, from raw objects to all tables, beside hand-written DuckDB SQL that writes Parquet."""

import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb

from bench._figures import Figure, at_most, run, say
from bench._lake_traffic import TrafficSource
from bench._process_tree import tree_cpu_seconds
from bench._table_prints import Fingerprint, assert_equal, columns_of_both, fingerprint, table_fingerprint
from bench.alternatives import duckdb_etl
from footfall.etl.pipeline import RUN_TABLES
from footfall.events.tenant_file import TenantFile
from footfall.lake.catalog import CATALOG
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.schemas import duckdb_type
from footfall.lake.tables import Table
from footfall.local.etl_run import run_etl

EVENTS = 5_000_000
DAYS = 30
MOST_BYTES = 3 * 2**30
# What the hand-written script does not write: which line of which object a row came from, the shapes of properties as
# text, and what operators undid.
_NOT_THEIRS = frozenset({"raw_object", "raw_line", "raw_index", "shape", "undone_at", "position"})
# A line that is no JSON is gone there.
_WHERE = {"quarantine": "reason <> 'line_damaged'"}


def measure(quick: bool) -> Iterator[Figure]:
    """The figures: CPU beside the other's, then the peak of resident memory beside its limit."""
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as name:
        folder = Path(name)
        lake = new_lake(folder / "lake")
        made = TrafficSource(EVENTS // (10 if quick else 1), DAYS).write(lake.raw)
        say(f"{made.events:,} events in {made.objects:,} objects, {made.bytes / 1e6:,.0f} MB")
        theirs, their_peak = in_a_process(duckdb_etl.run, lake.raw, folder / "theirs")
        say(f"theirs: {theirs:.0f} CPU seconds, {their_peak / 2**30:.2f} GiB")
        ours, peak = in_a_process(take_in, lake.root)
        say(f"ours: {ours:.0f} CPU seconds, {peak / 2**30:.2f} GiB")
        compared = [table for table in RUN_TABLES if (folder / "theirs" / table.name).is_dir()]
        assert_equal(
            {table.name: _ours(lake, table) for table in compared},
            {table.name: _theirs(folder / "theirs", table) for table in compared},
        )
        yield Figure(
            f"CPU from raw to all tables, {made.events:,} events",
            ours,
            theirs,
            "s",
            1.5,
            at_most(1.5),
            {"events": made.events, "microseconds_an_event": round(ours / made.events * 1e6, 1)},
        )
        yield Figure("peak resident memory of that run", peak, MOST_BYTES, "B", 1, "at most 3 GiB")


def new_lake(root: Path) -> LocalLake:
    """An empty lake of one tenant."""
    lake = open_lake(root, create=True)
    TenantFile(lake.tenants).add("shop", 0)
    return lake


def take_in(root: Path) -> None:
    """Run the ETL over the lake in a folder."""
    run_etl(open_lake(root, create=False), everything=True, progress=say)


def in_a_process(function: Callable[..., object], *arguments: object) -> tuple[float, int]:
    """The CPU seconds that a call takes in a process of its own, and the peak of its resident memory in bytes.

    Python's start and the imports of what is called are in both sides' figures.
    """
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_call, args=(sending, function, arguments))
    process.start()
    sending.close()
    try:
        seconds, peak = receiving.recv()
    except EOFError:
        raise RuntimeError(f"{function.__module__} failed in its process: see above") from None
    finally:
        process.join()
    return seconds, peak


def _call(sending: Connection, function: Callable[..., object], arguments: tuple[object, ...]) -> None:
    function(*arguments)
    sending.send((tree_cpu_seconds(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))


def _columns(table: Table) -> Mapping[str, str]:
    return columns_of_both(table, _NOT_THEIRS)


def _ours(lake: LocalLake, table: Table) -> Fingerprint:
    return table_fingerprint(lake, CATALOG, table, _columns(table), _WHERE.get(table.name, "true"))


def _theirs(folder: Path, table: Table) -> Fingerprint:
    source = f"read_parquet('{folder / table.name}/**/*.parquet', hive_partitioning = false) AS t"
    casts = {
        name: f"cast({expression} AS {duckdb_type(table.column(name).type)})"
        for name, expression in _columns(table).items()
    }
    with duckdb.connect() as connection:
        return fingerprint(connection, source, casts)


if __name__ == "__main__":
    sys.exit(run("etl_embedded", measure))
