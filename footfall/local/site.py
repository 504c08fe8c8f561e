"""Pages beside the collector: what a site says to a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class SiteAnswer:
    """An answer: status, body, and all headers but the body's length."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Site(Protocol):
    """Pages beside the collector."""

    def answer(self, method: str, path: str, query: str) -> SiteAnswer | None:
        """The answer to a request, or None where the path is not the site's.

        Args:
            method: the request's method.
            path: its path, percent-decoded, from the first slash.
            query: what stands behind the question mark, still encoded.
        """
