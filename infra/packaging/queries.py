"""The saved queries as Athena takes them: positional parameters, and every table cut down to one tenant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATABASE = "footfall"
TABLES = ("events", "page_views", "sessions", "visitor_days", "quarantine", "ledger", "predictions")
"""The lake's database and tables; a test holds them equal to what `footfall/lake` declares."""

_HEADER = re.compile(r"-- *(name|question): *(.+)")
_TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "[^"]*" | --[^\n]*  # text, quoted names and comments stay as they are
    | (?<![:\w]):(?P<parameter>[a-z_]\w*)
    | (?P<word>[A-Za-z_]\w*)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class SavedQuery:
    """A query for Athena: its name, the question it answers, its text, and what each `?` stands for, in order."""

    name: str
    question: str
    sql: str
    parameters: tuple[str, ...]


def read_queries(folder: Path) -> Iterator[SavedQuery]:
    """Every query below a folder, by path, as Athena takes it.

    Raises:
        ValueError: a file's header lacks its name or its question.
    """
    for path in sorted(folder.rglob("*.sql")):
        yield for_athena(path.read_text(encoding="utf-8"), path)


def for_athena(text: str, path: Path) -> SavedQuery:
    """One query for Athena: `:name` becomes `?`, and each table it reads a common table expression of one tenant.

    On a laptop the tables that a query sees hold one tenant only; in Athena it is this text that sees to it.

    Raises:
        ValueError: the header lacks the query's name or its question.
    """
    header = {match[1]: match[2].strip() for match in map(_HEADER.match, text.splitlines()) if match}
    if not {"name", "question"} <= header.keys():
        raise ValueError(f"{path} must begin with `-- name: ...` and `-- question: ...`.")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()
    parameters: list[str] = []
    words: set[str] = set()

    def positional(token: re.Match[str]) -> str:
        if token["parameter"]:
            parameters.append(token["parameter"])
            return "?"
        if token["word"]:
            words.add(token["word"].lower())
        return token[0]

    body = _TOKEN.sub(positional, body)
    read = [table for table in TABLES if table in words]
    scopes = ",\n".join(f"{table} AS (SELECT * FROM {DATABASE}.{table} WHERE tenant = ?)" for table in read)
    if scopes:
        rest = re.match(r"with\s+", body, re.IGNORECASE)
        body = f"WITH {scopes},\n{body[rest.end() :]}" if rest else f"WITH {scopes}\n{body}"
    wanted = ("tenant",) * len(read) + tuple(parameters)
    notes = [f"-- {header['question']}", f"-- Each ? in order: {', '.join(wanted) or 'none'}"]
    return SavedQuery(header["name"], header["question"], "\n".join([*notes, body]), wanted)
