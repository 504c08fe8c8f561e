"""Origins of pages, and the patterns that allow them."""

import re
from collections.abc import Iterable

# A scheme, a host (`*.` stands for one or more labels before it), and a port where it is not the scheme's own.
_PATTERN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?")


def is_pattern(text: str) -> bool:
    """Whether this is an origin, as a browser writes it, or one with `*.` before its host."""
    return _PATTERN.fullmatch(text) is not None


def is_allowed(origin: str, patterns: Iterable[str]) -> bool:
    """Whether an origin is one of the patterns'. Case does not matter."""
    origin = origin.lower()
    return any(origin == pattern or _is_below(origin, pattern) for pattern in patterns)


def _is_below(origin: str, pattern: str) -> bool:
    scheme, wildcard, host = pattern.partition("://*.")
    if not wildcard:
        return False
    return origin.startswith(f"{scheme}://") and origin.endswith(f".{host}") and "/" not in origin[len(scheme) + 3 :]
