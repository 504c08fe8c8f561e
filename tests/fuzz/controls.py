"""The controls of the fuzzer's promises: sinks that break one, as a fault would."""

from footfall.events.raw_line import EncodedLine
from tests.fuzz.targets import Kept


class LosesAnEvent(Kept):
    """A sink that drops an event of each line."""

    def write(self, line: EncodedLine) -> None:
        """Keep the rest."""
        super().write(line)
        if self.lines[-1].events:
            self.lines[-1].events.pop(0)
