"""The demo's model: trained, scored, and set beside the best that any model could do."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from footfall.errors import FootfallError
from footfall.events.tenants import Tenant
from footfall.lake.layout import LocalLake
from footfall.local.demo_result import ModelResult
from footfall.local.simulator.best_auc import best_auc
from footfall.local.simulator.truth import Truth
from footfall.ml import workflow
from footfall.query import embedded

ENGINE = "conversion"
_REASONS = "select reasons from predictions where tenant = :tenant and engine = :engine"


@dataclass(frozen=True)
class Learned:
    """The model, or why there is none; and what happened, in a line."""

    model: ModelResult | None
    said: str


def learn(lake: LocalLake, tenant: Tenant, truth: Truth) -> Learned:
    """Train the conversion engine, and set its AUC beside the best possible on the same visits."""
    try:
        report = workflow.train(lake, tenant, ENGINE)
    except FootfallError as error:
        return Learned(None, str(error))
    rows: list[dict[str, Any]] = report.test.to_pylist()
    true = {(session.visitor, session.started_at): session.probability for session in truth.sessions}
    starts = [(str(row["visitor"]), _milliseconds(row["started_at"])) for row in rows]
    known = all(start in true for start in starts)
    examples = report.metadata["examples"]
    result = ModelResult(
        auc=report.metrics["auc"],
        pr_auc=report.metrics["pr_auc"],
        log_loss=report.metrics["log_loss"],
        best_auc=best_auc(truth.sessions, starts) if known else None,
        trained_on=int(examples["training"]),
        tested_on=len(rows),
        version=report.version,
        scores=[float(row["score"]) for row in rows],
        best_scores=[true[start] for start in starts] if known else [],
        labels=[bool(row["label"]) for row in rows],
        weights=[],
    )
    best = "unknown" if result.best_auc is None else f"{result.best_auc:.3f}"
    return Learned(
        result,
        f"{ENGINE} {report.version}: AUC {result.auc:.3f} (best possible {best}), PR-AUC {result.pr_auc:.3f}, log loss "
        f"{result.log_loss:.4f}, on {result.tested_on:,} visits later than the {result.trained_on:,} learned from",
    )


def what_counts(lake: LocalLake, tenant: str) -> list[tuple[str, float]]:
    """Each feature's share of the (absolute) contributions that the predictions name as reasons, largest first."""
    rows = embedded.run(lake, tenant, _REASONS, {"engine": ENGINE}).to_pylist()
    return shares(str(row["reasons"]) for row in rows)


def shares(reasons: Iterable[str]) -> list[tuple[str, float]]:
    """The same, from the reasons of each prediction as they are stored (JSON)."""
    moved: Counter[str] = Counter()
    for text in reasons:
        for reason in json.loads(text):
            moved[reason["feature"]] += abs(reason["contribution"])
    total = sum(moved.values()) or 1
    return sorted(((feature, moves / total) for feature, moves in moved.items()), key=lambda item: (-item[1], item[0]))


def _milliseconds(time: datetime) -> int:
    return round(time.replace(tzinfo=UTC).timestamp() * 1000)
