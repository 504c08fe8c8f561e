"""Models are written in Spark SQL, on a short list of constructs that both engines treat alike; DuckDB's is translated.

What is not on the list is refused, by name: each entry was compared on both engines, NULLs and edges included.
"""

from functools import lru_cache

import sqlglot
from sqlglot import exp

from footfall.errors import FootfallError

# Of a size it may be asked whether it is above zero: of a list that is NULL Spark 3.5 says -1, DuckDB NULL.
_PROVEN = (
    "Select Subquery CTE With From Where Group Order Ordered Distinct Union Except Join Table TableAlias Alias "
    "Column Star Identifier Literal Boolean Null Paren Tuple Values "
    "And Or Not EQ NEQ GT GTE LT LTE Is In Neg Add Sub Mul IntDiv Case If Coalesce TryCast DataType DataTypeParam "
    "Count Sum Min Max RowNumber Lag Lead Window WindowSpec Abs Greatest Least Concat Length Substring SHA2 "
    "UnixMillis DateFromUnixDate Explode GenerateSeries ArraySize GroupingSets"
)
PROVEN: frozenset[str] = frozenset(_PROVEN.lower().split())

# Functions of Spark's that sqlglot has no name for, as macros of DuckDB's.
MACROS: dict[str, str] = {
    "timestamp_millis": "timestamp_millis(x) AS epoch_ms(x::BIGINT)",
    # The first place is 0; where there is none, nothing is there.
    "get": "get(list, place) AS CASE WHEN place >= 0 THEN list[place + 1] END",
}


@lru_cache(maxsize=256)
def to_duckdb(sql: str) -> str:
    """A model's text in DuckDB's dialect.

    Raises:
        FootfallError: it uses a construct that is not on the proven list.
    """
    tree = sqlglot.parse_one(sql, read="spark")
    for node in tree.walk():
        if isinstance(node, exp.Anonymous) and node.name.lower() in MACROS:
            continue
        if type(node).__name__.lower() not in PROVEN:
            raise FootfallError(f"the model uses {type(node).__name__}, which is not proven on both engines: {node}")
    return tree.transform(_in_utc).sql(dialect="duckdb")


def _in_utc(node: exp.Expression) -> exp.Expression:
    """A time's milliseconds without the detour over a zone: it is UTC, and DuckDB asks a calendar for each row."""
    if isinstance(node, exp.UnixMillis) and isinstance(node.this, exp.Cast) and node.this.is_type("timestamptz"):
        node.this.set("to", exp.DataType.build("timestamp", dialect="duckdb"))
    return node
