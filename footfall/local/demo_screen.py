"""What a demo shows while it runs: the stage under way, and each stage that is done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from footfall.local.demo_result import Stage


@dataclass
class Step:
    """The stage under way: tell it what goes on, how far it is, and at its end what happened."""

    progress: Progress
    task: TaskID
    said: str = ""

    def now(self, text: str) -> None:
        """Say what goes on."""
        self.progress.update(self.task, note=text)

    def total(self, total: int) -> None:
        """Say how much there is to do."""
        self.progress.update(self.task, total=total)

    def advance(self, count: int = 1) -> None:
        """Say that so much more is done."""
        self.progress.advance(self.task, count)


class DemoScreen:
    """Stages on a terminal (or in a log): progress on stderr, a line a stage that is done on stdout."""

    def __init__(self, output: Console, errors: Console) -> None:
        self._output = output
        self._errors = errors
        self.stages: list[Stage] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[Step]:
        """A stage, timed from here to the end of the `with`."""
        began = time.monotonic()
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[note]}", style="dim"),
        )
        quiet = not self._errors.is_terminal
        with Progress(*columns, console=self._errors, transient=True, disable=quiet) as progress:
            step = Step(progress, progress.add_task(name, total=None, note=""))
            yield step
        done = Stage(name, step.said, time.monotonic() - began)
        self.stages.append(done)
        self._output.print(
            f"{name:<10} {done.seconds:>6.1f} s  {done.said}", highlight=False, markup=False, soft_wrap=True
        )
