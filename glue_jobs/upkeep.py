"""The upkeep job that Glue runs: retention, then files, manifests and snapshots.

`footfall upkeep --engine spark` runs it too, without `--raw`: it has seen to retention itself. Where it runs tells
Spark which catalog `lake` is.
"""

import argparse
import time
from collections.abc import Sequence

import msgspec

from footfall.errors import FootfallError
from footfall.etl.job import Progress, job_parser, run_job, spark_engine, turn
from footfall.etl.retention import Expired, expire_old
from footfall.etl.unlinks import UNLINK
from footfall.etl.upkeep import GRACE_MS, keep_up
from footfall.lake.actions import ActionLog
from footfall.lake.engines.port import Engine
from footfall.lake.engines.spark_maintenance import SparkMaintenance
from footfall.lake.locations import action_store, raw_store, tenant_registry
from footfall.lake.retention import record_due


def main(arguments: Sequence[str]) -> None:
    """Run the job and print what it did, as one JSON line."""
    parser = job_parser(__doc__, needs_raw=False)
    parser.add_argument("--grace-ms", type=int, default=GRACE_MS, help="how old a file is before it can be an orphan")
    known, _ = parser.parse_known_args(arguments)
    if (known.raw is None) != (known.tenants is None):
        raise FootfallError("retention needs both --raw and --tenants.")
    now = int(time.time() * 1000)
    with turn(known) as progress, spark_engine(known) as engine:
        expired = _expire_old(engine, known, now, progress)
        maintenance = SparkMaintenance(engine.spark, known.catalog)
        report = keep_up(engine, maintenance, now, grace_ms=known.grace_ms, progress=progress)
        report.retention = expired
    print(msgspec.json.encode(report).decode())


def _expire_old(engine: Engine, known: argparse.Namespace, now: int, progress: Progress) -> Expired:
    """Take out what is older than its tenant keeps it."""
    if known.raw is None:
        return Expired()
    tenants = tenant_registry(known.tenants, known.region).all()
    log = ActionLog(action_store(known.raw))
    retention = record_due(log, tenants, now)
    expired = expire_old(engine, raw_store(known.raw), tenants, retention, progress, tuple(log.of(UNLINK)))
    progress("retention")
    return expired


if __name__ == "__main__":
    run_job(main)
