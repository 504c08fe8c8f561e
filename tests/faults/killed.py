"""Children that end themselves by SIGKILL, as the kernel would end them: nothing of theirs is closed or flushed."""

import os
import signal
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn

_PROCESSES = get_context("forkserver")
# A child is forked from a server that has these imported already, and so starts at once.
_PROCESSES.set_forkserver_preload(["tests.faults.killed", "tests.lakes", "footfall.local.upkeep_run"])


def end() -> NoReturn:
    """End this process here and now.

    Raises:
        AssertionError: it lives on.
    """
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("a process outlived SIGKILL")


def run_to_its_end(target: Callable[..., None], *arguments: object, said: Path) -> None:
    """Run a function of a module in a process of its own, which must end itself by SIGKILL.

    Args:
        target: the function.
        arguments: what it is given.
        said: the file that keeps what the process says.

    Raises:
        AssertionError: it ended in another way.
    """
    child = _PROCESSES.Process(target=_told, args=(said, target, arguments))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL, f"the child was not killed: {said.read_text()}"
    child.close()


def _told(said: Path, target: Callable[..., None], arguments: tuple[object, ...]) -> None:
    with said.open("wb") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    target(*arguments)
