"""The control: a collector that answers first and writes after, as many do. It must lose events here."""

from footfall.collector.sinks.port import Sink, SinkUnavailable
from footfall.events.raw_line import EncodedLine


class AnswersFirst:
    """Takes lines at once, and writes them when the answer is out."""

    def __init__(self, behind: Sink) -> None:
        self._behind = behind
        self._waiting: list[EncodedLine] = []

    def write(self, line: EncodedLine) -> None:
        self._waiting.append(line)

    def after_answer(self) -> None:
        while self._waiting:
            try:
                self._behind.write(self._waiting.pop(0))
            except SinkUnavailable:
                continue

    def close(self) -> None:
        self.after_answer()
