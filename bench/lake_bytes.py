"""How many bytes an event takes in the lake, beside its raw JSON in gzip and beside Parquet with default settings."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as parquet

from bench._figures import Figure, at_most, run, say
from bench._lake_history import BEGIN, DAY, Site, raw_objects
from footfall.events.tenant_file import TenantFile
from footfall.lake.catalog import load, open_catalog
from footfall.lake.layout import open_lake
from footfall.lake.tables import EVENTS
from footfall.local.etl_run import run_etl
from footfall.local.upkeep_run import run_upkeep

DAYS = 5


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    site = Site("shop", 200) if quick else Site("shop")
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as folder:
        lake = open_lake(Path(folder) / "lake", create=True)
        TenantFile(lake.tenants).add(site.tenant, 0)
        raw = 0
        for key, data in raw_objects((site,), range(DAYS * 24)):
            path = lake.raw / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            raw += len(data)
        say(f"{DAYS} days of traffic")
        received = run_etl(lake, everything=True).events
        run_upkeep(lake, grace_ms=0, now=BEGIN + (DAYS + 1) * DAY)
        table = load(open_catalog(lake), EVENTS.name)
        stored = sum(task.file.file_size_in_bytes for task in table.scan().plan_files())
        rows = table.scan().to_arrow().sort_by([("event_time", "ascending"), ("event_id", "ascending")])
        plain = Path(folder) / "plain.parquet"
        parquet.write_table(rows, plain)
        assert parquet.read_metadata(plain).num_rows == rows.num_rows
        ours = stored / rows.num_rows
        default = plain.stat().st_size / rows.num_rows
        yield Figure("an event in the lake, beside raw JSON in gzip", ours, raw / received, "B", 0.8, at_most(0.8))
        yield Figure("beside Parquet with default settings", ours, default, "B", 0.6, at_most(0.6))


if __name__ == "__main__":
    sys.exit(run("lake_bytes", measure))
