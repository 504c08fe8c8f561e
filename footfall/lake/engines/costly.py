"""Which selects are worth computing once, and which are worked out wherever they are read."""

import re

_COSTLY = re.compile(
    r"\bover\s*\(|\bgroup\s+by\b|\bdistinct\b|\bunion\b(?!\s+all\b)|\bexcept\b|\binner\s+join\b|\bexplode\b",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"--[^\n]*")


def is_costly(sql: str) -> bool:
    """Whether a select in Spark SQL sorts, groups, multiplies or looks for rows.

    One that does not (it picks rows and columns, puts relations one after the other, or looks up what is known of a
    value, by a left join) costs less to do again than its rows cost to keep.
    """
    return _COSTLY.search(_COMMENT.sub("", sql)) is not None
