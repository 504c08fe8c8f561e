"""Raw objects that are decoded by a thread while other work goes on: DuckDB's does not need Python meanwhile."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from footfall.lake.raw_rows import DecodedObjects, LeaveOut, decode_objects
from footfall.lake.raw_store import RawStore


class DecodedAhead:
    """The rows of raw objects; a thread begins with them at once.

    Args:
        store: where the objects are.
        keys: which they are.
        leave_out: gives each line without the events of who was erased.
        most_bytes: so much of Arrow's memory is filled before anybody asks for the rows.
        columns: which columns of events are asked for; None: all.
    """

    def __init__(
        self,
        store: RawStore,
        keys: Sequence[str],
        leave_out: LeaveOut | None,
        most_bytes: int,
        columns: Sequence[str] | None = None,
    ) -> None:
        self.keys = tuple(keys)
        self.columns = columns
        self._rows = decode_objects(((key, store.read(key)) for key in keys), leave_out, columns=columns)
        self._most_bytes = most_bytes
        self._stopped = Event()
        self._threads = ThreadPoolExecutor(1, "decoding")
        self._first = self._threads.submit(self._begin)

    def _begin(self) -> list[DecodedObjects]:
        decoded: list[DecodedObjects] = []
        held = 0
        while held < self._most_bytes and not self._stopped.is_set():
            rows = next(self._rows, None)
            if rows is None:
                break
            decoded.append(rows)
            held += rows.events.nbytes + rows.rejected.nbytes
        return decoded

    def rows(self) -> Iterator[DecodedObjects]:
        """The rows, in the order of the objects, as `decode_objects` gives them.

        Raises:
            Exception: what reading an object has raised.
        """
        try:
            decoded = self._first.result()
        finally:
            self._threads.shutdown()
        decoded.reverse()
        while decoded:
            yield decoded.pop()
        yield from self._rows

    def close(self) -> None:
        """Stop the thread; what it has decoded is let go."""
        self._stopped.set()
        self._threads.shutdown(cancel_futures=True)
