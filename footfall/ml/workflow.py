"""Train, evaluate and predict on a local lake: what the commands and the demo call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from footfall.errors import FootfallError
from footfall.events.tenants import Tenant
from footfall.lake.layout import LocalLake
from footfall.ml.base import Window
from footfall.ml.engines import engine as named_engine
from footfall.ml.model_store import load_latest, save
from footfall.ml.predictions import LakePredictions, PredictionStore, prediction_rows

_LATEST = "select max(ended_at) as latest from sessions where tenant = :tenant and not is_bot"


@dataclass(frozen=True)
class TrainReport:
    """What a training did: the model's version, its metadata (with the metrics), and the test's visits with scores.

    `test` has the columns session_id, visitor, started_at, label (0 or 1) and score.
    """

    engine: str
    tenant: str
    version: str
    metadata: Mapping[str, Any]
    test: pa.Table

    @property
    def metrics(self) -> Mapping[str, float]:
        """auc, pr_auc, log_loss, base_log_loss, examples and positives, on the test's visits."""
        return dict(self.metadata["metrics"])

    @property
    def baseline(self) -> Mapping[str, Any]:
        """The same of the plain model, with its name."""
        return dict(self.metadata["baseline"])


@dataclass(frozen=True)
class EvaluationReport:
    """The latest model's metrics on its test window, as the lake is now."""

    engine: str
    tenant: str
    version: str
    first: str
    last: str
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class PredictionReport:
    """How many visitors were scored, by which model, as of which time (UTC)."""

    engine: str
    tenant: str
    version: str
    as_of: datetime
    visitors: int


class LakeSource:
    """The rows of one tenant of a local lake."""

    def __init__(self, lake: LocalLake, tenant: str) -> None:
        self._lake = lake
        self._tenant = tenant

    def rows(self, sql: str, parameters: dict[str, object]) -> pa.Table:
        """The answer to one SELECT."""
        from footfall.query.embedded import run

        return run(self._lake, self._tenant, sql, parameters)


def train(lake: LocalLake, tenant: Tenant, engine: str = "conversion", as_of: datetime | None = None) -> TrainReport:
    """Train an engine on all that is known up to `as_of` (default: the lake's last visit), and save the model.

    Raises:
        FootfallError: no such engine, no visits, or too few of them; the message counts them.
    """
    chosen = named_engine(engine, tenant.goal)
    source = LakeSource(lake, tenant.name)
    window = Window(as_of=_utc(as_of) or _latest(source, tenant.name))
    rows = chosen.read(source, window)
    # How a visit that goes on after as_of ends is not known at as_of.
    over = pc.less_equal(rows.column("ended_at"), pa.scalar(window.as_of, pa.timestamp("us")))
    trained = chosen.train(rows.filter(over), window)
    stored = save(lake, tenant.name, engine, trained.files, trained.metadata)
    return TrainReport(engine, tenant.name, stored.version, stored.metadata, trained.test)


def evaluate(lake: LocalLake, tenant: Tenant, engine: str = "conversion") -> EvaluationReport:
    """Measure the latest model on its test window, on the rows that the lake holds now.

    Raises:
        FootfallError: no such engine, no model, or too few visits in the window.
    """
    from footfall.ml.engines.conversion.model import ConversionModel

    chosen = named_engine(engine, tenant.goal)
    model = ConversionModel(load_latest(lake, tenant.name, engine))
    described: Mapping[str, Any] = model.stored.metadata
    first, last = described["split"]["test_from"], described["window"]["last"]
    window = Window(as_of=datetime.fromisoformat(last), start=datetime.fromisoformat(first))
    found = chosen.evaluate(model, chosen.read(LakeSource(lake, tenant.name), window))
    return EvaluationReport(engine, tenant.name, model.version, first, last, found)


def predict(
    lake: LocalLake,
    tenant: Tenant,
    engine: str = "conversion",
    as_of: datetime | None = None,
    store: PredictionStore | None = None,
) -> PredictionReport:
    """Score every visitor's latest visit up to `as_of` (default: the lake's last visit) and keep the scores.

    Doing it again for the same time, model and rows changes nothing.

    Raises:
        FootfallError: no such engine, no model, or no visits.
    """
    from footfall.ml.engines.conversion.model import ConversionModel

    chosen = named_engine(engine, tenant.goal)
    model = ConversionModel(load_latest(lake, tenant.name, engine))
    source = LakeSource(lake, tenant.name)
    time = _utc(as_of) or _latest(source, tenant.name)
    scores = chosen.serve(model, chosen.read(source, Window(as_of=time)))
    rows = prediction_rows(tenant.name, engine, time, model.version, scores)
    (store or LakePredictions(lake)).replace(tenant.name, engine, time, rows)
    return PredictionReport(engine, tenant.name, model.version, time, len(scores))


def _utc(time: datetime | None) -> datetime | None:
    if time is None or time.tzinfo is None:
        return time
    return time.astimezone(UTC).replace(tzinfo=None)


def _latest(source: LakeSource, tenant: str) -> datetime:
    found: datetime | None = source.rows(_LATEST, {}).column("latest").to_pylist()[0]
    if found is None:
        raise FootfallError(f"{tenant} has no visits yet: take events in with `footfall etl` first.")
    return found
