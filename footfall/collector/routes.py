"""Which protocol a path belongs to."""

import re
from collections.abc import Sequence

from msgspec import Struct

from footfall.protocols.port import ClientProtocol


class Route(Struct, frozen=True):
    """A path of a protocol, and the methods it takes."""

    protocol: ClientProtocol
    methods: tuple[str, ...]


class Routes:
    """The paths of several protocols."""

    def __init__(self, protocols: Sequence[ClientProtocol]) -> None:
        """Store the routes of all.

        Raises:
            ValueError: two protocols want the same path.
        """
        self._routes: dict[str, Route] = {}
        for protocol in protocols:
            for path, methods in protocol.routes.items():
                if path in self._routes:
                    raise ValueError(f"two protocols want the path {path}")
                self._routes[path] = Route(protocol, methods)
        self._patterns = [(_pattern(path), route) for path, route in self._routes.items() if "{" in path]

    def paths(self) -> list[str]:
        """All paths, as the protocols write them."""
        return list(self._routes)

    def find(self, path: str) -> Route | None:
        """The route of a request's path; None where there is none."""
        route = self._routes.get(path)
        if route is None:
            return next((route for pattern, route in self._patterns if pattern.fullmatch(path)), None)
        return route


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[a-z]+\}", path)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))
