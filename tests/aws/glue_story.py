"""A story of the Glue jobs as they are deployed: packed code, by the arguments and Spark settings of the stack, on
Spark 3.5 with Iceberg's Glue catalog and an emulated AWS; and the embedded engine over the same raw objects.
"""

import gzip
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import msgspec
import pyarrow as pa
from pyiceberg.catalog import Catalog, load_catalog

from footfall.etl.books import DayBooks
from footfall.etl.erasure_run import order
from footfall.events.raw_line import RawEvent
from footfall.events.tenant_dynamodb import DynamoDbTenants
from footfall.events.tenant_file import TenantFile
from footfall.events.tenants import Tenant, WriteKey, hash_write_key
from footfall.lake.catalog import load, open_catalog
from footfall.lake.locations import erasure_store
from footfall.lake.receipts import Erasures, Receipt
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import DATABASE, TABLES, Table
from footfall.local.erase_run import run_erase
from footfall.local.reconcile_run import run_reconcile
from footfall.local.sending import send
from footfall.local.server import LocalServer
from footfall.local.simulator.simulation import Simulation
from footfall.local.upkeep_run import run_upkeep
from infra.packaging.etl import pack_etl
from tests.aws.glue_runtime import REGION, Ended, GlueRuntime
from tests.aws.recorded_aws import Asked, RecordedAws
from tests.aws.synthesized_job import SynthesizedJob
from tests.lakes import DAY, DERIVED_FROM_RAW, NOON, Rows, SmallLake, event, line, rejected
from tests.unit.etl.test_erasure import texts

REPOSITORY = Path(__file__).resolve().parents[2]
SIMULATED = 250
ANN, ANNS_BROWSER = "ann-0b6f3a52", "browser-0b6f3a52"
STRAYS = ("of-a-killed-run", "of-a-run-at-work")
RETENTION_DAYS = 400  # what tests/lakes dates lies before, what is simulated after
DERIVED = tuple(table for table in TABLES if table.name in DERIVED_FROM_RAW)


@dataclass
class Story:
    """What happened, and what was then in the tables, by table."""

    first: dict[str, Any]
    metadata: list[dict[str, str]]
    second: dict[str, Any]
    late: dict[str, Any]
    upkeep: dict[str, Any]
    strays_after_upkeep: list[str]
    checked: Ended
    checked_because: str
    books: list[DayBooks]
    refused: Ended
    refused_because: str
    pyiceberg: dict[str, Rows]
    awswrangler: dict[str, Rows]
    types: dict[str, dict[str, str]]
    after_upkeep: dict[str, Rows]
    raw_after_upkeep: list[str]
    rebuilt: dict[str, Any]
    after_rebuild: dict[str, Rows]
    branches: set[str]
    left_in_lease: int
    embedded: dict[str, Rows]
    embedded_by_pyiceberg: dict[str, Rows]
    embedded_after_upkeep: dict[str, Rows]
    before_erasure: set[str]
    half_erased: dict[str, Rows]
    erased: list[Receipt]
    completed: list[Receipt]
    strays_after_erasure: list[str]
    embedded_erased: Receipt
    after_erasure: dict[str, Rows]
    embedded_after_erasure: dict[str, Rows]
    still_there: set[str]
    left_in_erasures: list[str]
    asked: dict[str, set[Asked]]


def collected(lake: SmallLake) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Raw objects as the collector writes them, spill objects among them: those there at first, and late ones."""
    simulation = Simulation(11, datetime.now(UTC).date() - timedelta(days=3), SIMULATED)
    with LocalServer(lake.lake) as server:
        send(server.url, "key", simulation.requests)
    written = sorted(lake.lake.raw.rglob("*.gz"))
    lines = [text for path in written for text in gzip.decompress(path.read_bytes()).splitlines(keepends=True)]
    for path in written:
        path.unlink()
    hour = f"{datetime.now(UTC):%Y/%m/%d/%H}"
    thirds = [gzip.compress(b"".join(lines[start::3]), mtime=0) for start in range(3)]
    first = {f"{hour}/stream-1.json.gz": thirds[0], f"spill/{hour}/0123456789abcdef-0000000000.json.gz": thirds[1]}
    # What the simulation has none of: users, entities, items; and what is older than its tenant keeps it.
    more = SmallLake(lake.lake.root / "more")
    more.put("2025/10/09/12/stream-9", [line(*said_of_users(), visitor=ANNS_BROWSER), line(event(NOON, "page_view"))])
    more.put("2024/10/09/12/stream-0", [line(event(NOON - 365 * DAY), tenant="blog", rejected=[rejected(1)])])
    for key in ("2025/10/09/12/stream-9.json.gz", "2024/10/09/12/stream-0.json.gz"):
        first[key] = (more.lake.raw / key).read_bytes()
    return first, {f"{hour}/stream-2.json.gz": thirds[2]}


def said_of_users() -> list[RawEvent]:
    """A purchase between what tells who somebody is."""
    items = [{"item": "lamp", "quantity": 2, "value": 3.5}, {"item": "bulb"}]
    order = {"items": items, "value": 7, "currency": "EUR"}
    return [
        event(NOON, "identify", user=ANN, properties={"plan": "gold"}),
        event(NOON + 1, "purchase", user=ANN, level="high", properties=order),
        event(NOON + 2, "alias", user=ANN, properties={"previous": "v0"}),
        event(NOON + 3, "group", user=ANN, properties={"group": "acme", "seats": 5}),
    ]


def put(lake: SmallLake, bucket: str, objects: Mapping[str, bytes]) -> None:
    """Put raw objects into the local lake, and into S3."""
    client = boto3.client("s3")
    for key, data in objects.items():
        path = lake.lake.raw / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        client.put_object(Bucket=bucket, Key=f"raw/{key}", Body=data)


def resources(job: SynthesizedJob, tenants: Sequence[Tenant]) -> None:
    """What the stack makes before a job runs: buckets, tables of DynamoDB, the database; and tenants."""
    client = boto3.client("s3")
    for name in buckets(job):
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    client.put_bucket_versioning(Bucket=buckets(job)[0], VersioningConfiguration={"Status": "Enabled"})
    table = job.arguments["--tenants"].removeprefix("dynamodb:")
    for name in (table, job.arguments["--lease"]):
        boto3.client("dynamodb").create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
    boto3.client("glue").create_database(DatabaseInput={"Name": DATABASE})
    registry = DynamoDbTenants(boto3.client("dynamodb"), table, time.monotonic)
    for tenant in tenants:
        registry.save(tenant)


def buckets(job: SynthesizedJob) -> list[str]:
    """Raw, warehouse and results."""
    places = (job.arguments["--raw"], job.spark["spark.sql.catalog.lake.warehouse"], job.arguments["--results"])
    return [place.removeprefix("s3://").partition("/")[0] for place in places]


def who_names_ann(job: SynthesizedJob, folder: Path) -> set[str]:
    """The objects of all buckets, every version of them, that hold one of Ann's ids."""
    client = boto3.client("s3")
    found = set()
    for bucket in buckets(job):
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for version in page.get("Versions", ()):
                key = version["Key"]
                path = folder / f"object{''.join(Path(key).suffixes)[-8:]}"
                # A bucket that keeps no versions has one of each, which has no id.
                which: Any = {} if version["VersionId"] == "null" else {"VersionId": version["VersionId"]}
                path.write_bytes(client.get_object(Bucket=bucket, Key=key, **which)["Body"].read())
                if any(one.encode()[:13] in text for one in (ANN, ANNS_BROWSER) for text in texts(path)):
                    found.add(f"{bucket}/{key}")
    return found


def stray_prefix(catalog: Catalog) -> tuple[str, str]:
    """Where the data files of events lie: the bucket, and what their keys begin with."""
    bucket, _, key = load(catalog, "events").location().removeprefix("s3://").partition("/")
    return bucket, f"{key}/data/"


def put_stray(catalog: Catalog, name: str) -> None:
    """Put a file among the data files of events that no snapshot names."""
    bucket, prefix = stray_prefix(catalog)
    boto3.client("s3").put_object(Bucket=bucket, Key=prefix + name, Body=b"no rows")


def strays(catalog: Catalog) -> list[str]:
    bucket, prefix = stray_prefix(catalog)
    listed = boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]
    return sorted({found["Key"].removeprefix(prefix) for found in listed} & {*STRAYS})


def rows_of(table: pa.Table) -> Rows:
    return sorted((tuple(row.values()) for row in table.to_pylist()), key=repr)


def by_pyiceberg(catalog: Catalog) -> dict[str, Rows]:
    """Every table's rows. A list of structs that is NULL reads as an empty one."""
    return {table.name: rows_of(load(catalog, table.name).scan().to_arrow()) for table in DERIVED}


def by_awswrangler(catalog: Catalog, endpoint: str) -> tuple[dict[str, Rows], dict[str, dict[str, str]]]:
    """Every table's rows in its files, and its columns in the Glue catalog."""
    import awswrangler as wr

    for service in ("s3", "glue", "sts"):
        setattr(wr.config, f"{service}_endpoint_url", endpoint)
    rows: dict[str, Rows] = {}
    types = {}
    for table in DERIVED:
        found = wr.catalog.table(database=DATABASE, table=table.name)
        assert list(found["Column Name"]) == [column.name for column in table.columns]
        types[table.name] = wr.catalog.get_table_types(database=DATABASE, table=table.name) or {}
        files = [task.file.file_path for task in load(catalog, table.name).scan().plan_files()]
        rows[table.name] = wrangled(wr, table, files) if files else []
    return rows, types


def wrangled(wr: Any, table: Table, files: list[str]) -> Rows:
    frame = wr.s3.read_parquet(path=files, dtype_backend="pyarrow")
    return rows_of(
        pa.Table.from_pandas(frame, preserve_index=False).select(arrow_schema(table).names).cast(arrow_schema(table))
    )


def metadata_of(catalog: Catalog) -> dict[str, str]:
    return {table.name: load(catalog, table.name).metadata_location for table in TABLES}


def play(aws: RecordedAws, jobs: Mapping[str, SynthesizedJob], folder: Path) -> Story:
    """Two runs over the same raw objects, one with late events and a replay, upkeep, a check, a rebuild, an
    erasure that is killed, run again and completed two days later, and a run that may not begin."""
    registry = TenantFile(SmallLake(folder / "lake").lake.tenants)
    registry.insert(Tenant("shop", "salt", (WriteKey(hash_write_key("key"), 0),)))
    registry.insert(Tenant("blog", "salt", retention_days=RETENTION_DAYS))
    lake = SmallLake(folder / "lake", registry.all())
    etl, erase = jobs["etl"], jobs["erase"]
    assert all(job.spark == etl.spark for job in jobs.values())
    resources(erase, lake.tenants)
    bucket = etl.arguments["--raw"].removeprefix("s3://").partition("/")[0]
    first, late = collected(lake)
    put(lake, bucket, first)
    catalog = load_catalog("glue", type="glue", **{"glue.endpoint": aws.url, "s3.endpoint": aws.url})
    asked: dict[str, set[Asked]] = {name: set() for name in jobs}
    metadata = []

    def machine(name: str) -> GlueRuntime:
        (folder / name).mkdir()
        return GlueRuntime(folder / name, pack_etl(REPOSITORY), etl.spark, aws.url)

    def given(name: str, **more: str) -> dict[str, str]:
        own = {"--JOB_NAME": name, "--JOB_RUN_ID": f"jr_{time.monotonic_ns()}"}
        return {**own, **jobs[name].arguments, **{f"--{key.replace('_', '-')}": value for key, value in more.items()}}

    def run(name: str, **more: str) -> Ended:
        with aws.recording() as found:
            ended = runtime.run(jobs[name].script, given(name, **more))
        asked[name] |= found
        return ended

    def done(ended: Ended) -> Any:
        assert not ended.code, runtime.log.read_text()[-5_000:]
        return json.loads(ended.printed.splitlines()[-1])

    with machine("first") as runtime:
        reports = [done(run("etl"))]
        metadata.append(metadata_of(catalog))
        reports.append(done(run("etl")))
        metadata.append(metadata_of(catalog))
        put(lake, bucket, late)
        now = datetime.now(UTC)
        reports.append(
            done(run("etl", replay_from=f"{now - timedelta(hours=3):%Y-%m-%dT%H:%M}", replay_to="2100-01-01"))
        )
        lake.run()
        held, (files, types) = by_pyiceberg(catalog), by_awswrangler(catalog, aws.url)
        embedded, embedded_by_pyiceberg = lake.tables(), by_pyiceberg(open_catalog(lake.lake))
        put_stray(catalog, STRAYS[0])
        aws.age(buckets(erase)[1], timedelta(days=4))
        put_stray(catalog, STRAYS[1])
        kept = done(run("upkeep"))
        strays_after_upkeep = strays(catalog)
        run_upkeep(lake.lake)
        after_upkeep, embedded_after_upkeep = by_pyiceberg(catalog), by_pyiceberg(open_catalog(lake.lake))
        listed = boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
        checked = run("check", gaps="")
        checked_because = runtime.log.read_text().splitlines()[-1]
        books = run_reconcile(lake.lake)
        rebuilt = done(run("etl", rebuild=""))
        after_rebuild = by_pyiceberg(catalog)
        branches = {name for table in TABLES for name in load(catalog, table.name).refs()}
        boto3.client("s3").put_object(Bucket=buckets(erase)[2], Key="run.csv", Body=f'"{ANN}","7 EUR"'.encode())
        before_erasure = who_names_ann(erase, folder)
        shop = next(tenant for tenant in lake.tenants if tenant.name == "shop")
        order(Erasures(erasure_store(erase.arguments["--raw"])), shop, [], [ANN], at_once=True)
        as_before = load(catalog, "events").metadata_location
        with aws.recording() as found:
            runtime.run_and_kill(
                erase.script, given("erase"), lambda: load(catalog, "events").metadata_location != as_before
            )
        asked["erase"] |= found
    half_erased = by_pyiceberg(catalog)
    lease = etl.arguments["--lease"]
    # Five minutes later: who was killed does not hold the lease any more.
    boto3.client("dynamodb").update_item(
        TableName=lease,
        Key={"pk": {"S": "lease"}},
        UpdateExpression="SET expires_at = :then",
        ExpressionAttributeValues={":then": {"N": "0"}},
    )
    with machine("second") as runtime:
        erased = msgspec.convert(done(run("erase")), list[Receipt])
        (receipt,) = erased
        # Two days later: Spark looks for no orphan that is younger than a day.
        aws.age(buckets(erase)[1], timedelta(days=2))
        earlier = msgspec.structs.replace(receipt, cleaned_at=receipt.cleaned_at - 2 * DAY)
        Erasures(erasure_store(erase.arguments["--raw"])).save(earlier)
        completed = msgspec.convert(done(run("erase")), list[Receipt])
        here = run_erase(lake.lake, shop, [], [ANN], erase_profiles=lambda name, visitors: None, at_once=True)
        left = len(boto3.client("dynamodb").scan(TableName=lease)["Items"])
        boto3.client("dynamodb").put_item(
            TableName=lease,
            Item={"pk": {"S": "lease"}, "holder": {"S": "jr_other of upkeep"}, "expires_at": {"N": str(2**40)}},
        )
        refused = run("etl", lease_wait_seconds="0")
        said = runtime.log.read_text().splitlines()[-1]
    kept_of_erasures = boto3.client("s3").list_object_versions(Bucket=bucket, Prefix="erasures/")["Versions"]
    return Story(
        *(reports[0], metadata, reports[1], reports[2], kept, strays_after_upkeep, checked, checked_because, books),
        *(refused, said, held, files, types),
        after_upkeep=after_upkeep,
        raw_after_upkeep=[found["Key"] for found in listed],
        rebuilt=rebuilt,
        after_rebuild=after_rebuild,
        branches=branches,
        left_in_lease=left,
        embedded=embedded,
        embedded_by_pyiceberg=embedded_by_pyiceberg,
        embedded_after_upkeep=embedded_after_upkeep,
        before_erasure=before_erasure,
        half_erased=half_erased,
        erased=erased,
        completed=completed,
        strays_after_erasure=strays(catalog),
        embedded_erased=here,
        after_erasure=by_pyiceberg(catalog),
        embedded_after_erasure=by_pyiceberg(open_catalog(lake.lake)),
        still_there=who_names_ann(erase, folder),
        left_in_erasures=sorted({found["Key"] for found in kept_of_erasures}),
        asked=asked,
    )
