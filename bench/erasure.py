"""What it costs to erase one visitor: the bytes written again, beside those of the files that held the visitor."""

import gzip
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as parquet

from bench._figures import Figure, at_most, run, say
from footfall.events.model import Page
from footfall.events.raw_line import VERSION, RawEvent, RawLine, encode
from footfall.events.tenant_file import TenantFile
from footfall.lake.catalog import load, open_catalog
from footfall.lake.file_uri import local_path
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.tables import TABLES
from footfall.local.erase_run import run_erase
from footfall.local.etl_run import run_etl
from footfall.local.upkeep_run import run_upkeep

BEGIN = 1_760_011_200_000  # 2025-10-09T12:00:00Z
HOUR = 3_600_000
DAYS = 20
VISITS_AN_HOUR = 60
EVENTS_A_VISIT = 8
VISITOR = "5f0e7c7e-0000-4000-8000-000000000007"


def measure(quick: bool) -> Iterator[Figure]:
    """The figure."""
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as folder:
        lake = open_lake(Path(folder) / "lake", create=True)
        tenants = TenantFile(lake.tenants)
        tenant, _ = tenants.add("shop", 0)
        say(f"{DAYS} days of traffic")
        _fill(lake, VISITS_AN_HOUR // (10 if quick else 1))
        run_etl(lake, everything=True)
        run_upkeep(lake, grace_ms=0)
        before = _data_files(lake)
        held = {path: path.stat().st_size for path in before if _holds(path)}
        raw = {path: path.read_bytes() for path in lake.raw.rglob("*.json.gz")}
        held_raw = sum(len(data) for data in raw.values() if VISITOR.encode() in gzip.decompress(data))
        say(f"{len(held)} of {len(before)} data files hold the visitor")
        receipt = run_erase(lake, tenant, [VISITOR], [], erase_profiles=lambda name, visitors: None, at_once=True)
        after = _data_files(lake)
        assert receipt.complete
        assert held
        assert not any(_holds(path) for path in after)
        written = sum(path.stat().st_size for path in after - before)
        written_raw = sum(len(path.read_bytes()) for path, data in raw.items() if path.read_bytes() != data)
        yield Figure(
            "bytes written to erase a visitor, by those of the files that held it",
            written + written_raw,
            sum(held.values()) + held_raw,
            "B",
            2,
            at_most(2),
        )


def _fill(lake: LocalLake, visits: int) -> None:
    """A raw object an hour; the one visitor comes on three days."""
    chance = random.Random(9)
    for hour in range(DAYS * 24):
        lines = []
        for visit in range(visits):
            at = BEGIN + hour * HOUR + chance.randrange(HOUR)
            known = visit == 0 and hour in (5, 100, 101, 333)
            visitor = VISITOR if known else f"{chance.getrandbits(128):032x}"
            events = [
                RawEvent(
                    index=index,
                    id=f"{chance.getrandbits(128):032x}",
                    name="page_view" if index % 2 == 0 else "click",
                    level="mid",
                    time=at + index * 20_000,
                    page=Page(url=f"https://shop.example/p/{chance.randrange(500)}"),
                    properties={"position": chance.randrange(1_000)},
                )
                for index in range(EVENTS_A_VISIT)
            ]
            lines.append(
                RawLine(
                    VERSION,
                    f"{at}-{visit}",
                    "shop",
                    at + 200_000,
                    "native",
                    "bench",
                    visit,
                    events,
                    sent_at=at + 200_000,
                    visitor=visitor,
                )
            )
        path = lake.raw / f"bench/{hour:05d}.json.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(b"".join(encode(line) + b"\n" for line in lines), mtime=0))


def _data_files(lake: LocalLake) -> set[Path]:
    catalog = open_catalog(lake)
    return {
        Path(local_path(task.file.file_path))
        for table in TABLES
        for task in load(catalog, table.name).scan().plan_files()
    }


def _holds(path: Path) -> bool:
    file = parquet.ParquetFile(path)
    return "visitor" in file.schema_arrow.names and VISITOR in file.read(columns=["visitor"])["visitor"].to_pylist()


if __name__ == "__main__":
    sys.exit(run("erasure", measure))
