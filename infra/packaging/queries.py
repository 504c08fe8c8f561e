"""The saved queries as Athena takes them: defaults filled in, and every table cut down to one tenant."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

DATABASE = "footfall"
TABLES = (
    *("events", "page_views", "sessions", "visitor_days", "heatmap", "data_quality"),
    *("entities", "identities", "aliases", "late_events", "quarantine", "ledger", "predictions", "rules"),
)
"""The lake's database and tables; a test holds them equal to what `footfall/lake` declares."""

_HEADER = re.compile(r"-- (name|question): *(.+)")
_PARAMETER = re.compile(r"-- parameter (?P<name>\w+) (?P<type>[a-z]+) (?P<default>\S+): (?P<meaning>.+)")
_TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "[^"]*" | --[^\n]*  # text, quoted names and comments stay as they are
    | (?<![:\w]):(?P<parameter>[a-z_]\w*)
    | \b(?:from|join)\s+(?P<table>\w+)\b(?!\s*\.)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class SavedQuery:
    """A query for Athena: its name, the question it answers, its text, and what each `?` in it stands for, in order."""

    name: str
    question: str
    sql: str
    asked: tuple[str, ...]


def read_queries(folder: Path) -> Iterator[SavedQuery]:
    """Every query below a folder, by path, as Athena takes it.

    Raises:
        ValueError: a file's header lacks its name or its question.
    """
    views = {path.stem: _body(path.read_text(encoding="utf-8")) for path in (folder / "views").glob("*.sql")}
    for path in sorted(folder.rglob("*.sql")):
        yield for_athena(path.read_text(encoding="utf-8"), path, views)


def for_athena(text: str, path: Path, views: Mapping[str, str] | None = None) -> SavedQuery:
    """One query for Athena.

    A parameter becomes its default, or `?` where it has none. On a laptop the tables that a query sees hold one tenant
    only; here the text sees to it: a query that does not name `:tenant` itself reads each table through a common table
    expression of one tenant. The saved views that it reads become common table expressions of it too.

    Args:
        text: the query with its header.
        path: where it lies, for errors.
        views: the saved views, each a SELECT without header and parameters, by name.

    Raises:
        ValueError: the header lacks the query's name or its question.
    """
    header = {match[1]: match[2].strip() for match in map(_HEADER.match, text.splitlines()) if match}
    if not {"name", "question"} <= header.keys():
        raise ValueError(f"{path} must begin with `-- name: ...` and `-- question: ...`.")
    described = [match for match in map(_PARAMETER.match, text.splitlines()) if match]
    defaults = {found["name"]: literal(found["type"], found["default"]) for found in described}
    body = _body(text)
    asked: list[str] = []

    def rewrite(token: re.Match[str]) -> str:
        if not token["parameter"]:
            return token[0]
        value = defaults.get(token["parameter"], "?")
        if value == "?":
            asked.append(token["parameter"])
        return value

    body = _TOKEN.sub(rewrite, body)
    used = _views_of(body, views or {})
    read = set().union(_tables_of(body), *(_tables_of(sql) for sql in used.values()))
    scoped = [] if "tenant" in asked else [table for table in TABLES if table in read]
    if scoped or used:
        expressions = [f"{table} AS (SELECT * FROM {DATABASE}.{table} WHERE tenant = ?)" for table in scoped]
        expressions += [f"{name} AS (\n{sql}\n)" for name, sql in used.items()]
        scopes = ",\n".join(expressions)
        first = re.match(r"with\s+", body, re.IGNORECASE)
        body = f"WITH {scopes},\n{body[first.end() :]}" if first else f"WITH {scopes}\n{body}"
        asked[:0] = ["tenant"] * len(scoped)
    notes = [f"-- {header['question']}", f"-- Each ? in order: {', '.join(asked) or 'none'}"]
    notes += [f"-- {found['name']} is {defaults[found['name']]}: {found['meaning']}" for found in described]
    return SavedQuery(header["name"], header["question"], "\n".join([*notes, body]), tuple(asked))


def _body(text: str) -> str:
    """A query without its header and comments of whole lines."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()


def _tables_of(sql: str) -> set[str]:
    return {match["table"].lower() for match in _TOKEN.finditer(sql) if match["table"]}


def _views_of(sql: str, views: Mapping[str, str]) -> dict[str, str]:
    """The views that a query reads, and those that these read, each after what it reads itself."""
    used: dict[str, str] = {}
    for name in sorted(_tables_of(sql) & views.keys()):
        others = {other: text for other, text in views.items() if other != name}
        used |= _views_of(views[name], others)
        used[name] = views[name]
    return used


def literal(kind: str, default: str) -> str:
    """A default of a header as Athena writes it; `?` where there is none (`-`)."""
    if default == "-":
        return "?"
    if kind == "varchar":
        return "'" + default.strip("'").replace("'", "''") + "'"
    if kind in {"date", "decimal", "double", "timestamp"}:
        return f"{kind.upper()} '{default}'"
    return default
