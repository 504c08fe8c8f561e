"""The saved queries: one .sql a query in `athena_queries/`, its header saying name, question and parameters.

    -- name: top_pages
    -- question: Which pages are seen most?
    -- parameter pages bigint 10: How many pages to list.

The word after the type is the default; `-` says there is none, `''` is empty text. Other lines are notes.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from footfall.errors import FootfallError
from footfall.query.parameters import TYPES, Parameter

FOLDERS = ("insights", "views", "features")
_PARAMETER = re.compile(r"-- parameter (?P<name>[a-z_0-9]+) (?P<type>[a-z]+) (?P<default>\S+): (?P<meaning>.+)")


@dataclass(frozen=True)
class SavedQuery:
    """A query as it is kept: `kind` is its folder (insights, views or features), `sql` its text, header included."""

    name: str
    kind: str
    question: str
    parameters: tuple[Parameter, ...]
    sql: str


def folder() -> Path:
    """Where the saved queries are: in the package as it is installed, or beside it in the repository."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "athena_queries"
    return packaged if packaged.is_dir() else package.parent / "athena_queries"


def load_all() -> tuple[SavedQuery, ...]:
    """Every saved query, by folder and name.

    Raises:
        FootfallError: a header is not as it should be.
    """
    return tuple(read(path) for kind in FOLDERS for path in sorted((folder() / kind).glob("*.sql")))


def load(name: str) -> SavedQuery:
    """The saved query of that name.

    Raises:
        FootfallError: there is none; the message names those there are.
    """
    queries = {query.name: query for query in load_all()}
    if name not in queries:
        known = ", ".join(query.name for query in queries.values() if query.kind != "features")
        raise FootfallError(f"there is no saved query {name!r}; there is: {known}. Or give --sql TEXT.")
    return queries[name]


@cache
def views() -> dict[str, str]:
    """The saved views, each a SELECT by its name."""
    return {query.name: query.sql for query in load_all() if query.kind == "views"}


def read(path: Path) -> SavedQuery:
    """A saved query from its file.

    Raises:
        FootfallError: its header is not as it should be.
    """
    sql = path.read_text(encoding="utf-8")
    fields: dict[str, str] = {}
    parameters: list[Parameter] = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        if line.startswith("-- parameter "):
            parameters.append(_parameter(line, path))
            continue
        key, colon, value = line.removeprefix("-- ").partition(": ")
        if colon and key in ("name", "question"):
            fields[key] = value.strip()
    if fields.get("name") != path.stem or not fields.get("question"):
        raise FootfallError(f"{path}: its header must say `-- name: {path.stem}` and `-- question: ...`.")
    return SavedQuery(path.stem, path.parent.name, fields["question"], tuple(parameters), sql)


def _parameter(line: str, path: Path) -> Parameter:
    found = _PARAMETER.fullmatch(line)
    if found is None or found["type"] not in TYPES:
        raise FootfallError(f"{path}: `{line}` should be `-- parameter NAME TYPE DEFAULT: MEANING`.")
    default = {"-": None, "''": ""}.get(found["default"], found["default"])
    parameter = Parameter(found["name"], found["type"], default, found["meaning"])
    if default is not None:
        parameter.read(default)
    return parameter
