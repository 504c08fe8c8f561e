"""Lengths of time as a user writes them: `3d`, `12h`, `30m`, `0`."""

import re

from footfall.errors import FootfallError

_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000}
_FORM = re.compile(r"([0-9]{1,6})([dhms])|0")


def milliseconds(text: str) -> int:
    """The length in milliseconds.

    Raises:
        FootfallError: it is not of this form.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise FootfallError(f"{text!r} is no length of time: write 3d, 12h, 30m or 0.")
    return int(found[1]) * _UNITS[found[2]] if found[1] else 0
