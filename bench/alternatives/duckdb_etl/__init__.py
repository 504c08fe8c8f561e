"""The ETL as one would write it by hand for DuckDB: raw lines by read_json, a select a table, Parquet files at the end.

It reads everything at once and writes everything anew: it knows no table that is there already, no run before it, no
event that comes late or is erased, and no line whose JSON only looks sound. A line that is no JSON is gone.
"""

from pathlib import Path
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling, PythonUDFType

from footfall.etl.enrichment import pages, referrers, user_agents
from footfall.events.model import MAX_STRING_LENGTH
from footfall.lake.lifted import COLUMNS
from footfall.lake.paths import PATHS, read_paths

_SQL = Path(__file__).parent
_PAGE = "STRUCT(url VARCHAR, title VARCHAR, referrer VARCHAR)"
_LINE = {
    "request_id": "VARCHAR",
    "tenant": "VARCHAR",
    "received_at": "BIGINT",
    "sent_at": "BIGINT",
    "protocol": "VARCHAR",
    "visitor": "VARCHAR",
    "user": "VARCHAR",
    "ip": "VARCHAR",
    "user_agent": "VARCHAR",
    "consent": "VARCHAR",
    "country": "VARCHAR",
    "page": _PAGE,
    "screen": "STRUCT(width INTEGER, height INTEGER)",
    "events": f"STRUCT(id VARCHAR, name VARCHAR, level VARCHAR, time BIGINT, properties JSON, page {_PAGE})[]",
    "rejected": "STRUCT(reason VARCHAR, detail VARCHAR, text VARCHAR)[]",
}
_PATH = "STRUCT(t INTEGER, x INTEGER, y INTEGER, stroke INTEGER)[]"
_MOST_JSON = 16 * MAX_STRING_LENGTH


def run(raw: Path, folder: Path, memory_limit: str = "14GB") -> None:
    """Write all tables below a folder. With the 2 GB that we take, five million events do not pass through."""
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET memory_limit = '{memory_limit}'")
        connection.execute(f"SET temp_directory = '{folder / 'spilled'}'")
        connection.create_function(
            "read_path",
            _read_paths,
            ["VARCHAR", "VARCHAR"],
            duckdb.sqltype(_PATH),
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,
        )
        listed = ", ".join(f"{name}: '{kind}'" for name, kind in _LINE.items())
        connection.execute(
            f"CREATE TEMP TABLE lines AS FROM read_json('{raw}/**/*.json.gz', format = 'newline_delimited', "
            f"ignore_errors = true, maximum_object_size = {_MOST_JSON}, columns = {{{listed}}})"
        )
        _define(connection, "sent")
        _describe(connection, "user_agents", "user_agent")
        _describe(connection, "pages", "page.url")
        _describe(connection, "referrers", "page.referrer")
        _define(connection, "events")
        connection.execute("DROP TABLE sent")
        _write(
            connection, folder, "events", "event_time", "event_time, event_id", without="event_ms, received_ms, shape"
        )
        for name in ("visits", "visit_pages", "visit_starts", "visit_users", "bot_days"):
            _define(connection, name)
        for name, time in (("page_views", "started_at"), ("sessions", "started_at"), ("visitor_days", "day")):
            _define(connection, name)
            _write(connection, folder, name, time, time)
        connection.execute("DROP TABLE visits")
        _define(connection, "shapes")
        for name in ("heatmap", "data_quality", "entities", "identities"):
            _define(connection, name)
            _write(connection, folder, name, "as_of" if name == "entities" else "day", "tenant")
        _define(connection, "quarantine")
        _write(connection, folder, "quarantine", "received_at", "received_at")


def _define(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(f"CREATE TEMP TABLE {name} AS {(_SQL / f'{name}.sql').read_text('utf-8')}")


def _describe(connection: duckdb.DuckDBPyConnection, name: str, column: str) -> None:
    """A table of what is known of a column's distinct values."""
    describe = {
        "user_agents": user_agents.describe_user_agents,
        "pages": pages.describe_pages,
        "referrers": referrers.describe_referrers,
    }[name]
    distinct = connection.execute(f"SELECT DISTINCT {column} AS told FROM sent WHERE told IS NOT NULL").fetchall()
    described = describe([str(value) for (value,) in distinct])
    connection.register("described", described)
    connection.execute(f"CREATE TEMP TABLE {name} AS FROM described")
    connection.unregister("described")


def _write(
    connection: duckdb.DuckDBPyConnection, folder: Path, name: str, time: str, order: str, without: str = ""
) -> None:
    """Files by day, sorted within."""
    columns = f"* EXCLUDE ({without})" if without else "*"
    connection.execute(
        f"COPY (SELECT {columns}, cast({time} AS date) AS on_day FROM {name} ORDER BY on_day, tenant, {order}) "
        f"TO '{folder / name}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (on_day))"
    )


def _read_paths(names: Any, texts: Any) -> Any:  # DuckDB asks for these types, and knows none of Arrow's
    told = [
        (row, name, {"path": text})
        for row, (name, text) in enumerate(zip(names.to_pylist(), texts.to_pylist(), strict=True))
        if text is not None and name in PATHS
    ]
    return read_paths(told, len(names), COLUMNS["path"])
