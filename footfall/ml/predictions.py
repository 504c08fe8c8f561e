"""Where scores are kept: the table `predictions`."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from footfall.lake.file_uri import local_path
from footfall.lake.layout import LocalLake
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import PREDICTIONS
from footfall.ml.base import Score


class PredictionStore(Protocol):
    """Keeps scores. One (tenant, engine, as_of) is replaced as a whole."""

    def replace(self, tenant: str, engine: str, as_of: datetime, rows: pa.Table) -> None:
        """Keep these rows, and no others, for the tenant, the engine and the time."""


def prediction_rows(tenant: str, engine: str, as_of: datetime, version: str, scores: Sequence[Score]) -> pa.Table:
    """The scores as rows of `predictions`, in order of visitor.

    A score's percentile is the share of all these scores that are lower, 0 to 100.
    """
    ordered = sorted(score.score for score in scores)
    rows = [
        {
            "tenant": tenant,
            "engine": engine,
            "visitor": score.visitor,
            "day": as_of.date(),
            "as_of": as_of,
            "score": score.score,
            "percentile": 100.0 * bisect_left(ordered, score.score) / len(ordered),
            "model_version": version,
            "reasons": json.dumps(
                [
                    {"feature": reason.feature, "value": reason.value, "contribution": round(reason.contribution, 4)}
                    for reason in score.reasons
                ],
                ensure_ascii=False,
            ),
        }
        for score in sorted(scores, key=lambda score: score.visitor)
    ]
    return pa.Table.from_pylist(rows, schema=arrow_schema(PREDICTIONS))


class LakePredictions:
    """The table `predictions` of a local lake."""

    def __init__(self, lake: LocalLake) -> None:
        self._lake = lake

    def replace(self, tenant: str, engine: str, as_of: datetime, rows: pa.Table) -> None:
        """Keep these rows, and no others, for the tenant, the engine and the time.

        One commit, validated against what was read; none where the table already says so.

        Raises:
            FootfallError: another writer changed the table meanwhile.
        """
        from footfall.lake.catalog import load, open_catalog
        from footfall.lake.commit import overwrite
        from footfall.lake.expiry import expire_snapshots
        from footfall.lake.lease import lease

        with lease(self._lake):
            table = load(open_catalog(self._lake), PREDICTIONS.name)
            if table.current_snapshot() is None:
                overwrite(table, [], _sorted(rows))
                return
            day = f"tenant = '{tenant}' and engine = '{engine}' and day = '{as_of.date().isoformat()}'"
            leaving = [task.file for task in table.scan(row_filter=day).plan_files()]
            # A file of the day may hold other tenants' scores and other times': they are written again.
            stored = pa.concat_tables([_file_rows(file.file_path) for file in leaving] or [rows.slice(0, 0)])
            mine = pc.and_(
                pc.and_(pc.equal(stored["tenant"], pa.scalar(tenant)), pc.equal(stored["engine"], pa.scalar(engine))),
                pc.equal(stored["as_of"], pa.scalar(as_of, pa.timestamp("us"))),
            )
            if _sorted(stored.filter(mine)).equals(_sorted(rows)):
                return
            overwrite(table, leaving, _sorted(pa.concat_tables([stored.filter(pc.invert(mine)), rows])))
            expire_snapshots(table)


def _file_rows(path: str) -> pa.Table:
    """The rows of one data file; columns that came after it was written are NULL."""
    import pyarrow.parquet as parquet

    schema = arrow_schema(PREDICTIONS)
    found = parquet.ParquetFile(local_path(path)).read()
    columns = [
        found.column(field.name).cast(field.type)
        if field.name in found.column_names
        else pa.nulls(found.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _sorted(rows: pa.Table) -> pa.Table:
    schema = arrow_schema(PREDICTIONS)
    return rows.select(schema.names).cast(schema).sort_by([(name, "ascending") for name in PREDICTIONS.sort])
