"""What training, evaluation and prediction show: a table for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from footfall.errors import FootfallError

if TYPE_CHECKING:
    from footfall.ml.workflow import EvaluationReport, PredictionReport, TrainReport

_FIGURES = (("AUC", "auc"), ("PR-AUC", "pr_auc"), ("log loss", "log_loss"))


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say what goes on, on stderr, while it does."""
    from rich.console import Console

    with Console(stderr=True).status(f"{what} ..."):
        yield


def time(text: str | None) -> datetime | None:
    """The UTC time that an option gives.

    Raises:
        FootfallError: it is no time.
    """
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise FootfallError(f"--as-of {text} is no time: give one such as 2026-01-31T12:00:00.") from error
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def show_training(report: TrainReport, *, as_json: bool) -> None:
    """The metrics of the model on its test, beside the plain model's and the base rate's."""
    if as_json:
        _print_json(
            {
                "engine": report.engine,
                "tenant": report.tenant,
                "version": report.version,
                "metadata": dict(report.metadata),
            }
        )
        return
    examples, split = report.metadata["examples"], report.metadata["split"]
    _print_figures(
        f"{report.engine} of {report.tenant}: {examples['test']:,} visits from {split['test_from'][:16]} on, "
        f"after training on {examples['training']:,}",
        {"gradient boosting": report.metrics, str(report.baseline["name"]): report.baseline},
        report.metrics["base_log_loss"],
    )
    print(f"model {report.version} saved: {report.metadata['trees']} trees, as ONNX.")


def show_evaluation(report: EvaluationReport, *, as_json: bool) -> None:
    """The metrics of the latest model."""
    if as_json:
        _print_json(
            {
                "engine": report.engine,
                "tenant": report.tenant,
                "version": report.version,
                "first": report.first,
                "last": report.last,
                "metrics": dict(report.metrics),
            }
        )
        return
    _print_figures(
        f"{report.engine} of {report.tenant}, model {report.version}: {report.metrics['examples']:,.0f} visits "
        f"from {report.first[:16]} to {report.last[:16]}",
        {"model": report.metrics},
        report.metrics["base_log_loss"],
    )


def show_prediction(report: PredictionReport, *, as_json: bool) -> None:
    """How many were scored, and where to read the scores."""
    if as_json:
        _print_json(
            {
                "engine": report.engine,
                "tenant": report.tenant,
                "version": report.version,
                "as_of": report.as_of.isoformat(),
                "visitors": report.visitors,
            }
        )
        return
    print(
        f"{report.visitors:,} visitors of {report.tenant} scored by {report.engine} model {report.version} "
        f"as of {report.as_of.isoformat(sep=' ', timespec='seconds')} UTC, in the table predictions."
    )


def _print_figures(title: str, models: Mapping[str, Mapping[str, Any]], base_log_loss: float) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column("")
    for heading, _ in _FIGURES:
        table.add_column(heading, justify="right")
    for name, figures in models.items():
        table.add_row(name, *(f"{figures[key]:.4f}" for _, key in _FIGURES))
    table.add_row("base rate alone", "0.5000", "", f"{base_log_loss:.4f}")
    Console().print(table)


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2))
