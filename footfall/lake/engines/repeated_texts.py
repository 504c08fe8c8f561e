"""Texts that many rows share, as numbers meanwhile: DuckDB's enumerations, which Arrow knows as dictionaries.

A user agent is 120 bytes of each event, and a million events have a few thousand of them. As numbers they are not
copied with each row, from the rows that were decoded to DuckDB's tables, to Arrow, into order, and into a file. The
numbers are in the order of the texts, so that comparisons, minima and joins come to what they come to with texts; where
they meet texts they are texts again.
"""

from collections.abc import Collection

import duckdb

# DuckDB writes a type down and reads it again for some queries: it must not be long. And so many rows share a text, on
# average, that numbers are worth their making. A few always are.
_MOST_TEXTS = 16_384
_WORTH_SHARING = 8
_FEW_TEXTS = 256


class RepeatedTexts:
    """The enumerations of a run's part.

    Args:
        connection: where their types are made. Tables keep what they were made with when a type is made again.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._numbered: set[str] = set()
        self._rows = 0
        self._beside: Collection[str] = ()

    def begin(self, rows: int, beside: str | None = None, repeated: Collection[str] = ()) -> None:
        """Forget all of them: so many rows come now; with 0, all texts stay as they are.

        Rows of the relation `beside` may be put beside these: what its columns `repeated` hold gets numbers too.
        """
        self._numbered.clear()
        self._rows = rows
        self._beside = repeated if rows and beside else ()
        if self._beside:
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE texts_beside AS SELECT DISTINCT {', '.join(repeated)} FROM {beside}"
            )

    def find(self, source: str, repeated: Collection[str], columns: Collection[str]) -> None:
        """Look which of a relation's columns are worth numbers, of those that are `repeated`, and make these."""
        most = min(_MOST_TEXTS, max(_FEW_TEXTS, self._rows // _WORTH_SHARING))
        for column in repeated if self._rows else ():
            if column not in columns or column in self._numbered:
                continue
            more = f" UNION ALL SELECT {column} FROM texts_beside" if column in self._beside else ""
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE texts_found AS "
                f"SELECT DISTINCT {column} FROM (SELECT {column} FROM {source}{more}) WHERE {column} IS NOT NULL"
            )
            # Neither a type without texts nor a character of number 0 can be read.
            ((texts, odd),) = self._connection.execute(
                f"SELECT count(*), count(*) FILTER (contains({column}, chr(0))) FROM texts_found"
            ).fetchall()
            if 0 < texts <= most and not odd:
                found = f"SELECT {column} FROM texts_found ORDER BY 1"
                self._connection.execute(f"CREATE OR REPLACE TEMP TYPE texts_of_{column} AS ENUM ({found})")
                self._numbered.add(column)

    def select(self, source: str, columns: Collection[str]) -> str:
        """A select of all of a relation that has these columns: those whose texts were found come as numbers."""
        numbers = ", ".join(f"CAST({name} AS texts_of_{name}) AS {name}" for name in columns if name in self._numbered)
        return f"SELECT *{f' REPLACE ({numbers})' if numbers else ''} FROM {source}"

    def among(self, columns: Collection[str], select: str) -> set[str]:
        """Which of these columns of a select come as numbers."""
        if not self._numbered or not columns:
            return set()
        described = self._connection.execute(f"DESCRIBE SELECT * FROM ({select})").fetchall()
        return {name for name, kind, *_ in described if name in columns and kind.startswith("ENUM")}
