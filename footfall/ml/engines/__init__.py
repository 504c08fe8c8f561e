"""One folder an ML capability, and the list of them."""

from footfall.errors import FootfallError
from footfall.ml.base import Engine

NAMES = ("conversion",)


def check_name(name: str) -> None:
    """Refuse a name that no engine has.

    Raises:
        FootfallError: there is no such engine; the message names those there are.
    """
    if name not in NAMES:
        raise FootfallError(f"there is no engine {name!r}; there is: {', '.join(NAMES)}.")


def engine(name: str, goal: str) -> Engine:
    """The engine of that name, for a tenant with this goal.

    Raises:
        FootfallError: there is no such engine.
    """
    check_name(name)
    from footfall.ml.engines.conversion.engine import Conversion

    return Conversion(goal)
