"""What a soak has done so far, a line a block: a soak that was stopped goes on where it was."""

import json
import time
from pathlib import Path

import msgspec

from tests.soak.parts import Found


class Journal:
    """The blocks of one part, base seed, size and commit that are done."""

    def __init__(self, path: Path) -> None:
        """Read what is there; a line that was cut short by a kill counts as not done."""
        self._path = path
        self._began = time.monotonic()
        self._session = time.time_ns()
        self.done: set[int] = set()
        self.found = Found()
        self._seconds: dict[int, float] = {}
        if path.exists():
            for line in path.read_bytes().splitlines():
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                self._count(entry["first"], msgspec.convert(entry["found"], Found), entry["session"], entry["seconds"])

    @property
    def seconds(self) -> float:
        """How long the soak has taken, over all its sessions."""
        return sum(self._seconds.values())

    def add(self, first: int, found: Found) -> None:
        """Note a block, by the number of its first try."""
        seconds = time.monotonic() - self._began
        entry = {"first": first, "session": self._session, "seconds": seconds, "found": msgspec.to_builtins(found)}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a") as file:
            file.write(f"{json.dumps(entry)}\n")
        self._count(first, found, self._session, seconds)

    def _count(self, first: int, found: Found, session: int, seconds: float) -> None:
        self.done.add(first)
        self.found.add(found)
        self._seconds[session] = max(self._seconds.get(session, 0.0), seconds)
