"""An erasure, killed for real after each of its steps and while it writes raw, is completed by the next run."""

from collections.abc import Collection
from pathlib import Path

import pytest
from pyiceberg.table import Table as IcebergTable

from footfall.events.tenant_file import TenantFile
from footfall.lake import expiry, reachable
from footfall.lake.engines.maintenance import Removed
from footfall.lake.layout import open_lake
from footfall.lake.raw_store import FileRawStore
from footfall.lake.receipts import Receipt
from footfall.local.erase_run import STEPS, erasures, run_erase
from footfall.local.etl_run import run_etl
from footfall.local.reconcile_run import run_reconcile
from tests.faults.killed import end, run_to_its_end
from tests.prepared import Prepared
from tests.unit.etl.test_erasure import ANNA, ANNAS_EVENTS, fill, found_in


def erase_until(root: Path, wanted: str) -> None:
    """Anna's erasure, which ends itself once a step is done, at the second object, or half way through the files."""
    lake = open_lake(root)
    if wanted == "second object":
        real = FileRawStore.replace
        done: list[str] = []

        def replace(self: FileRawStore, key: str, data: bytes) -> None:
            if done:
                end()
            done.append(key)
            real(self, key, data)

        pytest.MonkeyPatch().setattr(FileRawStore, "replace", replace)
    if wanted == "removing files":

        def remove(table: IcebergTable, paths: Collection[str]) -> Removed:
            some = sorted(paths)
            reachable.remove(table, some[: len(some) // 2])
            return end()

        pytest.MonkeyPatch().setattr(expiry, "remove", remove)
    tenant = next(known for known in TenantFile(lake.tenants).all() if known.name == "shop")
    run_erase(
        *(lake, tenant, [ANNA], []),
        erase_profiles=lambda name, visitors: None,
        at_once=True,
        progress=lambda done: end() if done == wanted else None,
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(tmp_path_factory.mktemp("filled"), fill)


@pytest.fixture(scope="module")
def uninterrupted(prepared: Prepared) -> Receipt:
    """The receipt of the same erasure where nobody kills it."""
    lake = prepared.again()
    erase_until(lake.lake.root, "")
    (receipt,) = erasures(lake.lake).receipts()
    return receipt


@pytest.mark.parametrize("step", [*STEPS, "second object", "removing files"])
def test_a_killed_erasure_is_completed_by_the_next_run(
    tmp_path: Path, prepared: Prepared, uninterrupted: Receipt, step: str
) -> None:
    lake = prepared.again()
    run_to_its_end(erase_until, lake.lake.root, step, said=tmp_path / "said")
    run_etl(lake.lake)
    assert found_in(lake) == set()
    days = run_reconcile(lake.lake)
    assert all(day.balanced and not day.missing and not day.waiting for day in days)
    assert sum(day.erased for day in days) == ANNAS_EVENTS
    (receipt,) = erasures(lake.lake).receipts()
    assert receipt.complete
    raw, whole = receipt.stores["raw"].removed, uninterrupted.stores["raw"].removed
    if step == "second object":  # how large the first was is known to who was killed
        raw, whole = ({name: told[name] for name in ("objects", "events")} for told in (raw, whole))
    assert raw == whole
    assert receipt.stores["unlinks"].removed == {"actions": 1}
    assert receipt.stores["files"].removed == {"files": 2}
    assert not list((lake.lake.root / "erasures").glob("*.request.json"))
    assert lake.query("SELECT visitor FROM events WHERE event_id = 'twice'") == [("w",)]
