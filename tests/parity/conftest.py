"""One JVM for all of Spark; two lakes of the same raw objects, real files and simulated traffic: one by each engine."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from footfall.lake.layout import LocalLake, open_lake
from footfall.local.sending import send
from footfall.local.server import LocalServer
from footfall.local.simulator.simulation import Simulation
from tests.parity.one_jvm import one_jvm

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SIMULATED = 5_000


class Lakes(NamedTuple):
    """The same raw objects, taken in by DuckDB and by Spark; `truth` is the simulation's."""

    embedded: LocalLake
    spark: LocalLake
    simulation: Simulation


@pytest.fixture(scope="session")
def jvm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Spark's JVM, and what a process is told to find it."""
    with one_jvm(tmp_path_factory.mktemp("jvm") / "log") as environment:
        yield environment


@pytest.fixture(scope="module", autouse=True)
def warm(jvm: dict[str, str]) -> Iterator[None]:
    """Each job that a test here starts is a process of its own, and finds the JVM running."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in jvm.items():
            patch.setenv(name, value)
        yield


def footfall(*arguments: str) -> str:
    """What the command prints.

    Raises:
        AssertionError: it fails.
    """
    command = [sys.executable, "-c", "from footfall.cli import main; main()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"footfall {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def taken_in(root: Path, data: Path) -> tuple[LocalLake, Simulation]:
    """A lake with the three public files and simulated traffic in raw, and the embedded engine's run over a part of
    it, then over the rest: Spark's one run must give the same."""
    shop = data / "shop_clickstream" / "ecom.csv.gz"
    purchases = data / "cdnow" / "CDNOW_master.txt"
    log = data / "web_server_log" / "apache_logs"
    lake = f"--lake={root}"
    footfall("import", "csv", str(shop), "--tenant=shop", lake, "--map=visitor=user_id", "--map=name=event",
             "--map=time=timestamp")  # fmt: skip
    footfall("import", "access-log", str(log), "--tenant=blog", lake)
    footfall("etl", lake, "--all")
    footfall("import", "csv", str(purchases), "--tenant=cds", lake, "--map=visitor=customer_id", "--map=time=date",
             "--map=value=dollar_value", "--event=purchase")  # fmt: skip
    key = footfall("tenant", "add", "demo", lake, "--json").split('"write_key": "')[1].split('"')[0]
    opened = open_lake(root)
    simulation = Simulation(7, datetime.now(UTC).date() - timedelta(days=3), SIMULATED)
    with LocalServer(opened) as server:
        send(server.url, key, simulation.requests)
    footfall("etl", lake, "--all")
    return opened, simulation


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> Lakes:
    if not DATA.is_dir():
        pytest.skip(f"the public data are not at {DATA}")
    embedded, simulation = taken_in(tmp_path_factory.mktemp("embedded") / "lake", DATA)
    other = tmp_path_factory.mktemp("spark") / "lake"
    other.mkdir()
    shutil.copytree(embedded.raw, other / "raw")
    shutil.copy(embedded.tenants, other / "tenants.toml")
    footfall("etl", f"--lake={other}", "--engine=spark", "--all")
    return Lakes(embedded, open_lake(other), simulation)


Query = Callable[[str, str], list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def query(lakes: Lakes) -> Query:
    """Rows of a tenant, by the embedded engine."""
    from footfall.lake.reader import connect

    def run(tenant: str, sql: str) -> list[tuple[object, ...]]:
        with connect(lakes.embedded, tenant) as connection:
            return connection.execute(sql).fetchall()

    return run
