"""Work that a thread does on one thing while the next is made."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Made = TypeVar("Made")
Done = TypeVar("Done")


def one_in_flight(work: Callable[[Made], Done], things: Iterable[Made]) -> Iterator[Done]:
    """What `work` gives for each thing, in order; a thread works on one while the next is made.

    Args:
        work: what is done with each thing, of one at a time; it pays where it lets others have Python meanwhile, as
            Arrow does.
        things: they are made by the thread that asks for the results. Two of them are held at once.

    Raises:
        Exception: what `work` or making a thing has raised; nothing is under way any more then.
    """
    with ThreadPoolExecutor(1, "in-flight") as threads:
        under_way: Future[Done] | None = None
        for thing in things:
            if under_way is not None:
                yield under_way.result()
            under_way = threads.submit(work, thing)
        if under_way is not None:
            yield under_way.result()
