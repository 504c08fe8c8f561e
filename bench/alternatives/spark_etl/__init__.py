"""The ETL as one would write it by hand for Spark: raw lines by from_json, a select a table, Parquet files at the end.

It reads everything at once and writes everything anew: it knows no table that is there already, no run before it, no
late event, no event that is erased, and no line whose JSON only looks sound.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import broadcast
from pyspark.sql.pandas.functions import pandas_udf
from pyspark.sql.pandas.types import from_arrow_schema

from footfall.etl.enrichment import pages, referrers, user_agents
from footfall.lake.lifted import COLUMNS
from footfall.lake.paths import read_paths

_SQL = Path(__file__).parent
_PAGE = "struct<url: string, title: string, referrer: string>"
LINE = f"""
    version int, tenant string, received_at bigint, sent_at bigint, imported boolean, protocol string,
    visitor string, user string, ip string, user_agent string, consent string, country string,
    page {_PAGE}, screen struct<width: int, height: int>,
    events array<struct<
        id: string, name: string, level: string, time: bigint, properties: string, page: {_PAGE},
        visitor: string, user: string, ip: string, user_agent: string, consent: string
    >>,
    rejected array<struct<reason: string, detail: string, text: string>>,
    damaged string
"""
PATH = "struct<t: array<int>, x: array<int>, y: array<int>, stroke: array<int>>"
NO_X = -(1 << 31)


def path_of(names: pd.Series, texts: pd.Series) -> pd.DataFrame:
    """The way of the pointer, a finger or the scroll bar, a list a column; a scroll has NO_X as its x."""
    told = [(row, names[row], json.loads(text)) for row, text in enumerate(texts) if text is not None]
    ways: Any = read_paths(told, len(names), COLUMNS["path"])
    ends = ways.offsets.to_numpy()
    places = ways.values
    columns = {}
    for name in ("t", "x", "y", "stroke"):
        values = pc.fill_null(places.field(name), NO_X).to_numpy()
        columns[name] = [
            values[ends[row] : ends[row + 1]] if known else None
            for row, known in enumerate(ways.is_valid().to_pylist())
        ]
    return pd.DataFrame(columns)


def run(spark: SparkSession, raw: Path, folder: Path) -> None:
    """Write all tables below a folder."""
    text = spark.read.text(str(raw), recursiveFileLookup=True, pathGlobFilter="*.gz")
    lines = text.selectExpr(f"from_json(value, '{LINE}', map('columnNameOfCorruptRecord', 'damaged')) as line", "value")
    lines.persist(StorageLevel.MEMORY_AND_DISK).createOrReplaceTempView("lines")
    spark.udf.register("path_of", pandas_udf(path_of, PATH))  # type: ignore[call-overload]
    _select(spark, "sent").createOrReplaceTempView("sent")
    _describe(spark, "user_agent", user_agents.describe_user_agents, user_agents.SCHEMA, "user_agents")
    _describe(spark, "page_url", pages.describe_pages, pages.SCHEMA, "pages")
    _describe(spark, "referrer", referrers.describe_referrers, referrers.SCHEMA, "referrers")
    events = _select(spark, "events").persist(StorageLevel.MEMORY_AND_DISK)
    events.createOrReplaceTempView("events")
    _write(events, folder / "events", "event_time", "event_id")
    _select(spark, "visits").persist(StorageLevel.MEMORY_AND_DISK).createOrReplaceTempView("visits")
    _select(spark, "bot_days").persist(StorageLevel.MEMORY_AND_DISK).createOrReplaceTempView("bot_days")
    for table, order in (("page_views", "started_at"), ("sessions", "started_at"), ("visitor_days", "day")):
        frame = _select(spark, table)
        _write(frame, folder / table, order, "visitor")
    for table in ("heatmap", "data_quality"):
        _write(_select(spark, table), folder / table, "day", "tenant")
    for table in ("entities", "identities", "quarantine"):
        _select(spark, table).coalesce(1).write.option("compression", "zstd").parquet(str(folder / table))
    spark.catalog.clearCache()


def _select(spark: SparkSession, name: str) -> DataFrame:
    return spark.sql((_SQL / f"{name}.sql").read_text("utf-8"))


def _describe(
    spark: SparkSession, column: str, function: Callable[[list[str]], pa.Table], schema: pa.Schema, name: str
) -> None:
    """A table of what is known of a column's distinct values."""

    def apply(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        for batch in batches:
            yield from function([str(value) for value in batch.column(0).to_pylist()]).cast(schema).to_batches()

    distinct = spark.sql(f"select distinct {column} from sent where {column} is not null")
    described = distinct.mapInArrow(apply, from_arrow_schema(schema)).persist()
    broadcast(described).createOrReplaceTempView(name)


def _write(frame: DataFrame, folder: Path, time: str, then: str) -> None:
    """Files by day, sorted within."""
    by_day = frame.selectExpr("*", f"cast({time} as date) as on_day")
    by_day.repartition("on_day").sortWithinPartitions("on_day", "tenant", time, then).write.partitionBy(
        "on_day"
    ).option("compression", "zstd").parquet(str(folder))
