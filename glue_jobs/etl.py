"""The ETL job that Glue runs: take in what is new in raw. `footfall etl --engine spark` runs this same script.

Where it runs tells Spark which catalog `lake` is; the arguments tell where raw, the tenants and the lease are. With
`--replay-from` and `--replay-to`, the raw objects of that window are taken in again too. With `--rebuild`, all tables
are built again from raw, beside the old ones, whose place they take at the end.
"""

import dataclasses
import json
import time
from collections.abc import Sequence

from footfall.errors import FootfallError
from footfall.etl.job import job_parser, run_job, spark_engine, turn
from footfall.etl.late_events import USUAL
from footfall.etl.pipeline import run
from footfall.etl.replay import REPLAY, Replay, mark, objects_between
from footfall.etl.unlinks import UNLINK
from footfall.events.time_text import epoch_ms
from footfall.lake.actions import ActionLog
from footfall.lake.engines.spark_branch import BranchEngine, settle
from footfall.lake.locations import action_store, raw_store, tenant_registry
from footfall.lake.retention import read_retention
from footfall.lake.suppression import read_suppressions


def main(arguments: Sequence[str]) -> None:
    """Run the job and print what it did, as one JSON line."""
    parser = job_parser(__doc__, needs_raw=True)
    parser.add_argument("--replay-from", help="take in again what was received from this time on (UTC)")
    parser.add_argument("--replay-to", help="up to this time, which is left out (UTC)")
    parser.add_argument("--all", action="store_true", help="take in late events that would wait, too")
    parser.add_argument(
        "--list", choices=("all", "recent"), default="all", help="the raw objects to look through; recent: at times all"
    )
    parser.add_argument("--rebuild", action="store_true", help="build all tables again from raw, beside the old ones")
    known, _ = parser.parse_known_args(arguments)
    window = _window(known.replay_from, known.replay_to)
    if known.rebuild and window is not None:
        raise FootfallError("a rebuild takes in all of raw: leave --replay-from and --replay-to out.")
    log = ActionLog(action_store(known.raw))
    store = raw_store(known.raw)
    with turn(known) as progress, spark_engine(known) as engine:
        if window is not None:
            log.record(REPLAY, "", int(time.time() * 1000), window)
            mark(engine, objects_between(engine, window.start, window.end))
            progress("marked")
        built = BranchEngine(engine.spark, known.catalog) if known.rebuild else engine
        tenants = tenant_registry(known.tenants, known.region).all()
        report = run(
            built,
            store,
            tenants,
            progress,
            suppressions=read_suppressions(log, tenants),
            unlinks=tuple(log.of(UNLINK)),
            retention=read_retention(log),
            late=None if known.all or known.rebuild else USUAL,
            recent=known.list == "recent",
        )
        if isinstance(built, BranchEngine):
            built.keep_ledger_of(frozenset(store.keys()))
            built.say_whole()
            progress("rebuilt")
            settle(engine)
    print(json.dumps(dataclasses.asdict(report)))


def _window(start: str | None, end: str | None) -> Replay | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise FootfallError("a replay has both --replay-from and --replay-to.")
    window = Replay(epoch_ms(start), epoch_ms(end))
    if window.start >= window.end:
        raise FootfallError(f"--replay-from {start} is not before --replay-to {end}: nothing lies between them.")
    return window


if __name__ == "__main__":
    run_job(main)
