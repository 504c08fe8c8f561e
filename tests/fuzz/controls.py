"""The controls of the fuzzer's promises: sinks that break one, as a fault would."""

from footfall.events.raw_line import RawLine
from tests.fuzz.targets import Kept


class LosesAnEvent(Kept):
    """A sink that drops an event of each line."""

    def write(self, line: RawLine) -> None:
        """Keep the rest."""
        if line.events:
            line.events.pop(0)
        super().write(line)
