"""The erasure job that Glue runs: carry out what `footfall erase --raw` has ordered, and forget the snapshots due.

Whom to erase is no argument: Glue shows these to whoever may read its runs. The requests lie in `erasures/` beside raw,
and so do the receipts. Where it runs tells Spark which catalog `lake` is.
"""

import argparse
from collections.abc import Sequence
from functools import partial

import msgspec

from footfall.etl.erasure_run import EraseElsewhere, Stores, finish
from footfall.etl.erasure_s3 import erase_results, erase_versions
from footfall.etl.job import job_parser, run_job, spark_engine, turn
from footfall.lake.actions import ActionLog
from footfall.lake.engines.port import Engine
from footfall.lake.engines.spark_maintenance import SparkMaintenance
from footfall.lake.locations import action_store, erasure_store, objects, raw_store, tenant_registry
from footfall.lake.receipts import Erasures, StoreLine
from footfall.lake.tombstones import Person


def main(arguments: Sequence[str]) -> None:
    """Run the job and print the receipts that it wrote, as one JSON line."""
    parser = job_parser(__doc__, needs_raw=True)
    parser.add_argument("--results", required=True, help="s3://bucket/prefix of query results: all of them go")
    known, _ = parser.parse_known_args(arguments)
    with turn(known) as progress, spark_engine(known) as engine:
        stores = Stores(
            engine,
            SparkMaintenance(engine.spark, known.catalog),
            raw_store(known.raw),
            tenant_registry(known.tenants, known.region).all(),
            ActionLog(action_store(known.raw)),
            Erasures(erasure_store(known.raw)),
            _others(engine, known),
        )
        receipts = finish(stores, progress)
    print(msgspec.json.encode(receipts).decode())


def _others(engine: Engine, known: argparse.Namespace) -> dict[str, EraseElsewhere]:
    return {
        "versions": partial(erase_versions, engine, objects(known.raw)),
        "results": partial(_erase_results, engine, known.results),
        "profiles": _without_profiles,
    }


def _erase_results(engine: Engine, location: str, person: Person) -> StoreLine:
    return erase_results(engine, objects(location))


def _without_profiles(person: Person) -> StoreLine:
    return StoreLine("nothing held", {}, "nothing loads profiles on AWS yet")


if __name__ == "__main__":
    run_job(main)
