"""Visits with a known answer, read once a module."""

from collections.abc import Mapping

import pyarrow as pa
import pytest

from footfall.ml.base import Window
from footfall.ml.engines.conversion.engine import Conversion
from footfall.query.embedded import execute
from tests.unit.ml.synthetic_visits import FAR, Visits, synthetic_visits


class MemorySource:
    """One tenant's rows of tables in memory."""

    def __init__(self, visits: Visits) -> None:
        self.visits = visits

    def rows(self, sql: str, parameters: Mapping[str, object]) -> pa.Table:
        """The answer to one SELECT."""
        return execute(self.visits.connection, sql, {**parameters, "tenant": "shop"})


@pytest.fixture(scope="session")
def visits() -> Visits:
    """Four thousand visits."""
    return synthetic_visits()


@pytest.fixture(scope="session")
def rows(visits: Visits) -> pa.Table:
    """What the engine reads of them."""
    return Conversion("purchase").read(MemorySource(visits), Window(as_of=FAR))
