"""Erasing a person, from every store."""

import gzip
import json
import zlib
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from pyiceberg.avro.file import AvroFile
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.typedef import Record

from footfall.errors import FootfallError
from footfall.etl.erasure_run import SNAPSHOTS_STAY_MS, order
from footfall.etl.unlinks import UNLINK, Unlink
from footfall.events.model import Page
from footfall.events.raw_line import RawLine
from footfall.events.tenant_file import TenantFile
from footfall.events.tenants import Tenant
from footfall.lake.catalog import load, open_catalog
from footfall.lake.receipts import Receipt
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import PREDICTIONS
from footfall.local.erase_run import erasures, resume, run_erase
from footfall.local.etl_run import run_etl
from footfall.local.reconcile_run import run_reconcile
from footfall.ml.model_store import save
from footfall.ml.predictions import LakePredictions
from tests.lakes import DAY, DERIVED_FROM_RAW, HOUR, MINUTE, NOON, SmallLake, event, line, rejected
from tests.prepared import Prepared

ANNA = "0b6f3a52-anna"
ANNAS_EVENTS = 14
AGENT = "Mozilla/5.0 (AnnasOwnBrowser)"
ADDRESS = "203.0.113.0"
SECRETS = (
    *(ANNA, "anna@shop.example", AGENT, ADDRESS, "Elm Street 9", "annas-title"),
    *("annas-page-path", "annas-own-event", "annas-old-user", "annas-item-7", "annas-own-property"),
)
AS_OF = datetime(2025, 10, 10)  # noqa: DTZ001 - the lake's timestamps have no zone


class Profiles:
    """Stands for the index of profiles: keeps whose profiles it was asked to erase."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[tuple[str, set[str]]] = []
        self.fails = fails

    def __call__(self, tenant: str, visitors: Collection[str]) -> int | None:
        if self.fails:
            raise ConnectionError("no node")
        self.asked.append((tenant, set(visitors)))
        return 1


def fill(root: Path) -> SmallLake:
    """Anna's visits between others', her rejected events, copies, a score, a model that names her, and a report."""
    lake = SmallLake(root)
    TenantFile(lake.lake.tenants).add("shop", 0)
    TenantFile(lake.lake.tenants).add("blog", 0)
    lake.tenants = TenantFile(lake.lake.tenants).all()
    her_page = Page(url="https://a/annas-page-path")
    hers: dict[str, Any] = {
        "visitor": ANNA,
        "user_agent": AGENT,
        "ip": ADDRESS,
        "page": Page(url="https://a/", title="annas-title"),
    }
    lake.put(
        "2025/10/09/12/a",
        [
            line(event(NOON, "page_view"), event(NOON + MINUTE, properties={"street": "Elm Street 9"}), **hers),
            line(event(NOON + HOUR, "page_view", id="shared copy"), visitor="w"),
            line(
                event(NOON, "identify", user="anna@shop.example", properties={"street": "Elm Street 9"}),
                **hers,
                rejected=[rejected(1), rejected(2)],
            ),
            line(
                event(NOON + 2 * MINUTE, "click", page=her_page, properties={"x": 3, "y": 4, "width": 100}),
                event(NOON + 3 * MINUTE, "annas-own-event", properties={"annas-own-property": 1}),
                event(NOON + 4 * MINUTE, "purchase", properties={"value": 9, "items": ["annas-item-7"]}),
                event(
                    NOON + 5 * MINUTE,
                    "alias",
                    user="anna@shop.example",
                    properties={"previous": "annas-old-user"},
                ),
                **hers,
            ),
        ],
    )
    lake.run()
    lake.actions.record(UNLINK, "shop", NOON + HOUR, Unlink(ANNA, "anna@shop.example"))
    lake.actions.record(UNLINK, "shop", NOON + HOUR, Unlink("w", "other"))
    lake.put(
        "2025/10/10/12/b",
        [
            line(event(NOON + DAY, "page_view"), **hers),
            line(event(NOON + DAY + 1, "page_view"), visitor="x", rejected=[rejected(1, f'{{"v":"{ANNA}"}}')]),
            # The copy of an event that came first as Anna's: w's is stored once hers is gone.
            line(event(NOON + 2 * DAY, "page_view", id="twice"), **hers, received=NOON + 2 * DAY + 1),
        ],
    )
    lake.put("c", [line(event(NOON + 2 * DAY, "page_view", id="twice"), visitor="w", received=NOON + 2 * DAY + 2)])
    lake.put("d", [line(event(NOON, visitor="y"), event(NOON + 3, visitor=ANNA), visitor="", imported=True)])
    lake.put_bytes("2025/10/09/13/e", gzip.compress(f'{{"visitor":"{ANNA}", broken\n'.encode()))
    lake.run()
    score = {"tenant": "shop", "engine": "conversion", "day": AS_OF.date(), "as_of": AS_OF,
             "score": 0.5, "percentile": 0.0, "model_version": "1", "reasons": "[]"}  # fmt: skip
    rows = pa.Table.from_pylist([{**score, "visitor": v} for v in (ANNA, "w")], schema=arrow_schema(PREDICTIONS))
    LakePredictions(lake.lake).replace("shop", "conversion", AS_OF, rows)
    save(lake.lake, "shop", "similar", {"factors.json": json.dumps({ANNA: [1, 2]}).encode()}, {})
    save(lake.lake, "shop", "conversion", {"model.json": b"{}"}, {})
    (lake.lake.root / "report.html").write_text(f"<td>{ANNA}</td>")
    return lake


def erase(
    lake: SmallLake, *, visitors: tuple[str, ...] = (ANNA,), users: tuple[str, ...] = (), now: bool = True
) -> Receipt:
    tenant = next(tenant for tenant in lake.tenants if tenant.name == "shop")
    return run_erase(lake.lake, tenant, visitors, users, erase_profiles=Profiles(), at_once=now)


def texts(path: Path) -> list[bytes]:
    """A file's bytes, and what is packed in them."""
    data = path.read_bytes()
    if path.suffix == ".parquet":
        columns = parquet.ParquetFile(path).read().to_pydict()
        return [data, repr(columns).encode()]
    if path.suffix == ".avro":
        with AvroFile[Record](PyArrowFileIO().new_input(str(path))) as entries:
            return [data, repr(list(entries)).encode()]
    if path.suffix == ".gz":
        return [zlib.decompressobj(wbits=47).decompress(data)]
    return [data]


def found_in(lake: SmallLake, secrets: tuple[str, ...] = SECRETS) -> set[tuple[str, str]]:
    """Every (secret, file) of the lake, searched to the last byte; bounds in manifests hold 16 characters."""
    found = set()
    for path in lake.lake.root.rglob("*"):
        if path.is_file():
            for text in texts(path):
                found |= {(secret, path.name) for secret in secrets if secret.encode()[:13] in text}
    return found


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(tmp_path_factory.mktemp("prepared"), fill)


@pytest.fixture
def lake(prepared: Prepared) -> SmallLake:
    return prepared.again()


def test_nothing_of_a_person_is_left_in_any_byte_of_the_lake(lake: SmallLake) -> None:
    assert {secret for secret, _ in found_in(lake)} == set(SECRETS)
    assert {name for name, rows in lake.tables().items() if any(secret in repr(rows) for secret in SECRETS)} == {
        *DERIVED_FROM_RAW
    }
    others = {
        name: [row for row in rows if ANNA not in row and not any(ANNA in str(value) for value in row)]
        for name, rows in lake.tables().items()
    }
    receipt = erase(lake)
    assert found_in(lake) == set()
    assert receipt.complete
    after = lake.tables()
    assert [row for row in after["events"] if "twice" not in row] == others["events"]
    assert set(others["page_views"]) <= set(after["page_views"])
    assert lake.query("SELECT visitor FROM events WHERE event_id = 'twice'") == [("w",)]
    assert lake.query("SELECT visitor FROM predictions") == [("w",)]
    assert (lake.lake.models / "shop" / "conversion" / "latest").exists()
    assert not (lake.lake.models / "shop" / "similar" / "latest").exists()


def test_the_books_count_what_was_erased_and_balance(lake: SmallLake) -> None:
    erase(lake)
    days = run_reconcile(lake.lake)
    assert all(day.balanced and not day.missing and not day.waiting for day in days)
    assert sum(day.erased for day in days) == ANNAS_EVENTS
    assert sum(day.received for day in days) == 18


def test_a_rebuild_after_an_erasure_gives_the_same_lake(lake: SmallLake) -> None:
    # What a rebuild has replaced, and what killed runs have left, hold the person too.
    run_etl(lake.lake, rebuild=True)
    left = lake.lake.raw / "import" / ".half.json.gz.99999999.tmp"
    left.parent.mkdir()
    left.write_bytes(gzip.compress(ANNA.encode()))
    (lake.lake.warehouse / "footfall" / "events" / "data" / "left.parquet").write_bytes(
        next((lake.lake.warehouse / "footfall" / "events").rglob("*.parquet")).read_bytes()
    )
    erase(lake)
    assert found_in(lake) == set()
    before = lake.tables()
    run_etl(lake.lake, rebuild=True)
    assert lake.tables() == before


def test_what_still_arrives_of_the_erased_is_counted_never_stored_and_taken_out_of_raw(lake: SmallLake) -> None:
    erase(lake)
    hers = line(event(NOON + 9, properties={"street": "Elm Street 9"}), visitor=ANNA, rejected=[rejected(1)])
    lake.put("late", [hers, line(event(NOON + 10), visitor="w")])
    run_etl(lake.lake)
    assert found_in(lake) == set()
    assert lake.query("SELECT count(*) FROM events WHERE raw_object = 'late.json.gz'") == [(1,)]
    assert lake.query("SELECT events, rejected, erased FROM ledger WHERE raw_object = 'late.json.gz'") == [(1, 0, 2)]
    assert all(day.balanced for day in run_reconcile(lake.lake))


def test_a_user_is_erased_with_the_visitors_that_no_other_user_shared(lake: SmallLake) -> None:
    at = NOON + 5 * DAY
    lake.put(
        "f",
        [
            line(event(at, user="u"), visitor="phone"),
            line(event(at + 1), visitor="phone"),
            line(event(at + 2, user="u"), visitor="kiosk"),
            line(event(at + 3, user="other"), visitor="kiosk"),
            line(event(at + 4, user="u"), visitor="user:u"),
        ],
    )
    lake.run()
    receipt = erase(lake, visitors=(), users=("u",))
    assert (receipt.scope, receipt.visitors, receipt.users) == ("user", 2, 1)
    assert lake.query("SELECT visitor, user_id FROM events WHERE raw_object = 'f.json.gz'") == [("kiosk", "other")]


def test_an_erasure_that_cannot_be_carried_out_holds_up_no_other(lake: SmallLake) -> None:
    shop = next(tenant for tenant in lake.tenants if tenant.name == "shop")
    order(erasures(lake.lake), Tenant("closed", "salt"), ["somebody-0b6f3a52"], [], at_once=True)
    order(erasures(lake.lake), shop, [ANNA], [], at_once=True)
    with pytest.raises(FootfallError, match="no tenant is named 'closed'"):
        resume(lake.lake, erase_profiles=Profiles())
    assert found_in(lake) == set()
    assert [request.tenant for request in erasures(lake.lake).requests()] == ["closed"]


def test_snapshots_from_before_stay_for_seven_days_unless_told_otherwise(lake: SmallLake) -> None:
    receipt = erase(lake, now=False)
    assert not receipt.complete
    assert {name for name, line_ in receipt.stores.items() if line_.state == "pending"} == {"snapshots", "orphans"}
    assert {path.suffix for _, name in found_in(lake) for path in [Path(name)]} <= {".parquet", ".avro"}
    assert resume(lake.lake, erase_profiles=Profiles(), now=receipt.at + SNAPSHOTS_STAY_MS - 1) == []
    (done,) = resume(lake.lake, erase_profiles=Profiles(), now=receipt.at + SNAPSHOTS_STAY_MS)
    assert done.complete
    assert found_in(lake) == set()
    for name in ("events", "ledger"):
        assert load(open_catalog(lake.lake), name).scan().to_arrow().num_rows


def test_a_receipt_names_nobody_and_has_a_line_a_store(lake: SmallLake) -> None:
    receipt = erase(lake)
    text = next((lake.lake.root / "erasures").glob("*.receipt.json")).read_text()
    assert json.loads(text)["complete"] is True
    assert not any(secret in text for secret in SECRETS)
    assert receipt.stores["raw"].removed["objects"] == 4
    assert receipt.stores["raw"].removed["events"] == ANNAS_EVENTS
    assert receipt.stores["events"].removed == {"rows": 10}
    assert receipt.stores["profiles"].removed == {"profiles": 1}
    assert {"raw", "events", "sessions", "predictions", "files", "profiles", "snapshots"} <= set(receipt.stores)
    assert not list((lake.lake.root / "erasures").glob("*.request.json"))


def test_an_empty_id_erases_nobody(lake: SmallLake) -> None:
    with pytest.raises(FootfallError, match="names nobody"):
        erase(lake, visitors=("",))


def test_a_store_that_cannot_be_reached_is_done_by_the_next_run(lake: SmallLake) -> None:
    tenant = lake.tenants[1]
    with pytest.raises(ConnectionError):
        run_erase(lake.lake, tenant, [ANNA], [], erase_profiles=Profiles(fails=True), at_once=True)
    profiles = Profiles()
    (receipt,) = resume(lake.lake, erase_profiles=profiles)
    assert receipt.complete
    assert profiles.asked == [("shop", {ANNA})]
    assert receipt.stores["raw"].removed["events"] == ANNAS_EVENTS
    assert found_in(lake) == set()
    assert resume(lake.lake, erase_profiles=profiles) == []


def test_what_is_said_of_others_and_of_items_stays_when_a_user_is_erased(lake: SmallLake) -> None:
    def said(kind: str, name: str) -> RawLine:
        properties = {"entityType": kind, "entityId": name, "price": 3}
        user = name if kind == "user" else ""
        return line(event(NOON, "$set", user=user, id=name, properties=properties), visitor="", protocol="predictionio")

    others = lake.query("SELECT count(*) FROM events")
    lake.put("said", [said("user", "u"), said("item", "i")])
    lake.run()
    erase(lake, visitors=(), users=("u",))
    assert lake.query("SELECT entity FROM entities WHERE source = 'predictionio'") == [("i",)]
    assert lake.query("SELECT count(*) FROM events WHERE raw_object <> 'said.json.gz'") == others
