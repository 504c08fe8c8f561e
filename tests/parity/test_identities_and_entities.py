"""Promise 3 for who is who: visitors, users, aliases and what is said of them, by either engine."""

import pytest

from footfall.etl.unlinks import UNLINK, Unlink
from footfall.events.raw_line import RawLine
from footfall.events.tenant_file import TenantFile
from footfall.local.etl_run import run_etl
from tests.lakes import DAY, HOUR, MINUTE, NOON, SmallLake, event, line

# Three runs of Spark before the first test.
pytestmark = [pytest.mark.spark, pytest.mark.timeout(1_500)]

TABLES = ("entities", "identities", "aliases", "sessions", "visitor_days")


def first() -> list[RawLine]:
    """A shared tablet, two devices of one user, a circle of aliases, and what is said of users and items."""
    return [
        line(
            event(NOON, "page_view"),
            event(NOON + MINUTE, "identify", user="ann", properties={"plan": "pro", "n": 1.50}),
        ),
        line(event(NOON + HOUR, "identify", user="ben", properties={}), event(NOON + DAY, user="ann")),
        line(event(NOON, user="ann"), visitor="phone"),
        line(event(NOON + HOUR, "alias", user="ann", properties={"previous": "anne"}), visitor="phone"),
        line(event(NOON + 2 * HOUR, "alias", user="ben", properties={"previous": "ann"})),
        line(event(NOON + 3 * HOUR, "alias", user="ann", properties={"previous": "ben"})),
        line(
            event(NOON, "$set", properties={"entityType": "item", "entityId": "i", "price": 3, 'ö"\\': [None, "x"]}),
            event(NOON + 1, "$unset", properties={"entityType": "item", "entityId": "i", "price": None}),
            event(NOON + 2, "$delete", properties={"entityType": "user", "entityId": "u"}),
            protocol="predictionio",
            visitor="",
        ),
        line(event(NOON, "group", user="cy", properties={"groupId": "acme", "seats": 5}), protocol="segment"),
    ]


def late() -> list[RawLine]:
    """What comes late and parts a stretch, moves an alias, and replaces a copy that was stored."""
    return [
        line(event(NOON + 30 * MINUTE, user="cy"), received=NOON + 2 * DAY),
        line(event(NOON + 30 * MINUTE, "alias", user="cyrus", properties={"previous": "cy"}), received=NOON + 2 * DAY),
        line(event(NOON, user="ann"), visitor="tv", received=NOON),
    ]


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallLake, SmallLake]:
    """The same raw and the same orders: taken in by DuckDB in three runs, by Spark in two; a third finds nothing."""
    embedded = SmallLake(tmp_path_factory.mktemp("embedded") / "lake")
    spark = SmallLake(tmp_path_factory.mktemp("spark") / "lake")
    for lake in (embedded, spark):
        for name in ("shop", "blog"):
            TenantFile(lake.lake.tenants).add(name, 0)
        lake.put("a", first())
    embedded.run()
    spark.put("b", late())
    run_etl(spark.lake, "spark")
    for lake in (embedded, spark):
        lake.actions.record(UNLINK, "shop", NOON + 3 * DAY, Unlink("phone", "ann"))
        lake.actions.record(UNLINK, "shop", NOON + 3 * DAY, Unlink("ben", "ann"))
    embedded.run()
    embedded.put("b", late())
    embedded.run()
    assert run_etl(spark.lake, "spark").unlinks == 2
    assert run_etl(spark.lake, "spark").unlinks == 0
    return embedded, spark


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_row_identical(lakes: tuple[SmallLake, SmallLake], name: str) -> None:
    embedded, spark = (lake.tables()[name] for lake in lakes)
    assert len(embedded) > 0
    assert embedded == spark
