"""Times as files write them: which format a column has, and each time in epoch milliseconds."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache, partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from footfall.errors import FootfallError

TimeReader = Callable[[str], int]
"""Reads a time, in epoch milliseconds. Raises ValueError where the text is no time of the format."""

SAMPLES = 100
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}

_CLOCK = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
_OFFSET = r"(Z|z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?"
_ISO = re.compile(rf"([0-9]{{4}})[-/]([0-9]{{1,2}})[-/]([0-9]{{1,2}})(?:(?:[Tt]| +){_CLOCK} ?{_OFFSET})?")
_EPOCH_SECONDS = re.compile(r"([0-9]{9,10})(?:\.([0-9]{1,9}))?")
_EPOCH_MILLISECONDS = re.compile(r"[0-9]{12,13}")
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_COMPACT_TIME = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})[T_ -]?([0-9]{2})([0-9]{2})([0-9]{2})" + _OFFSET)
_APACHE = re.compile(r"\[?([0-9]{2})/([A-Za-z]{3})/([0-9]{4}):([0-9]{2}):([0-9]{2}):([0-9]{2})(?: ([+-][0-9]{4}))?\]?")
_SLASHED = re.compile(rf"([0-9]{{1,2}})[/.-]([0-9]{{1,2}})[/.-]([0-9]{{4}})(?:(?:,? +|T){_CLOCK}(?: ?([AaPp])[Mm])?)?")


def read_apache(text: str, zone: tzinfo = UTC) -> int:
    """A time as Apache and nginx write it: `17/May/2015:10:05:03 +0000`."""
    day, month, year, hour, minute, second, offset = _groups(_APACHE, text)
    return _milliseconds(year, _month(month), day, hour, minute, second, None, offset, zone)


def read_iso(text: str, zone: tzinfo = UTC) -> int:
    """An ISO 8601 time or day, `T` or a space between, an offset or none; `/` may stand for `-`."""
    year, month, day, hour, minute, second, fraction, offset = _groups(_ISO, text)
    return _milliseconds(year, month, day, hour, minute, second, fraction, offset, zone)


def _read_epoch_seconds(text: str, zone: tzinfo) -> int:
    seconds, fraction = _groups(_EPOCH_SECONDS, text)
    return int(seconds) * 1000 + _thousandths(fraction)


def _read_epoch_milliseconds(text: str, zone: tzinfo) -> int:
    if not _EPOCH_MILLISECONDS.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _read_compact_day(text: str, zone: tzinfo) -> int:
    year, month, day = _groups(_COMPACT_DAY, text)
    return _milliseconds(year, month, day, None, None, None, None, None, zone)


def _read_compact_time(text: str, zone: tzinfo) -> int:
    year, month, day, hour, minute, second, offset = _groups(_COMPACT_TIME, text)
    return _milliseconds(year, month, day, hour, minute, second, None, offset, zone)


def _read_slashed(text: str, zone: tzinfo, *, day_first: bool) -> int:
    first, second, year, hour, minute, seconds, fraction, half = _groups(_SLASHED, text)
    day, month = (first, second) if day_first else (second, first)
    if half:
        if not 1 <= int(hour) <= 12:
            raise ValueError(text)
        hour = str(int(hour) % 12 + (12 if half in "pP" else 0))
    return _milliseconds(year, month, day, hour, minute, seconds, fraction, None, zone)


def _read_pattern(text: str, zone: tzinfo, *, pattern: str) -> int:
    read = datetime.strptime(text, pattern)  # noqa: DTZ007  (the zone is put in below, where the text has none)
    return (read.replace(tzinfo=read.tzinfo or zone) - _EPOCH) // timedelta(milliseconds=1)


_FORMATS: dict[str, Callable[[str, tzinfo], int]] = {
    "iso": read_iso,
    "epoch": _read_epoch_seconds,
    "epoch-ms": _read_epoch_milliseconds,
    "yyyymmdd": _read_compact_day,
    "yyyymmddhhmmss": _read_compact_time,
    "apache": read_apache,
    "dd/mm/yyyy": partial(_read_slashed, day_first=True),
    "mm/dd/yyyy": partial(_read_slashed, day_first=False),
}
NAMES = tuple(_FORMATS)
"""The formats that have a name; any other is a pattern of strptime."""


def time_reader(name: str, zone: tzinfo) -> TimeReader:
    """The reader of a format: one of NAMES, or a strptime pattern such as `%d.%m.%Y %H:%M`.

    `zone` holds where a text has no offset of its own. A local time that occurs twice is the first of the two.

    Raises:
        FootfallError: no such format.
    """
    read = _FORMATS.get(name) or partial(_read_pattern, pattern=_checked_pattern(name))

    @lru_cache(maxsize=8_192)
    def cached(text: str) -> int:
        return read(text, zone)

    return cached


def time_zone(name: str) -> tzinfo:
    """The zone of an IANA name (`Europe/Berlin`), `UTC`, or an offset (`+02:00`).

    Raises:
        FootfallError: no such zone.
    """
    if name.upper() in {"UTC", "Z"}:
        return UTC
    if match := re.fullmatch(r"[+-][0-9]{2}:?[0-9]{2}", name):
        try:
            return timezone(timedelta(seconds=_offset_seconds(match.group())))
        except ValueError:
            pass
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise FootfallError(f"no time zone is named {name!r}: say UTC, +02:00 or one such as Europe/Berlin.") from error


def find_time_format(texts: Iterable[str]) -> str:
    """The format of a column, by its first texts that are not empty (SAMPLES of them).

    It is the one that reads the most of them, at least half; of several that read as many, the first in NAMES. A day
    and a month that could be either way round are not guessed.

    Raises:
        FootfallError: none fits, or day and month could be either way round.
    """
    samples = [text for text in texts if text][:SAMPLES]
    if not samples:
        raise FootfallError("the first rows hold no time: map another column to time, or name its --time-format.")
    fits = {name: sum(_reads(name, text) for text in samples) for name in NAMES}
    best = max(NAMES, key=fits.__getitem__)
    if fits[best] * 2 < len(samples):
        raise FootfallError(
            f"no time format reads {samples[0]!r}: name it with --time-format, one of {', '.join(NAMES)} "
            "or a pattern such as '%d %b %Y %H:%M'."
        )
    if best == "dd/mm/yyyy" and fits[best] == fits["mm/dd/yyyy"]:
        raise FootfallError(
            f"{samples[0]!r} may be day or month first: say --time-format dd/mm/yyyy or --time-format mm/dd/yyyy."
        )
    return best


def _reads(name: str, text: str) -> bool:
    try:
        _FORMATS[name](text, UTC)
    except ValueError:
        return False
    return True


def _checked_pattern(pattern: str) -> str:
    try:
        if "%" not in pattern:
            raise ValueError(pattern)
        _read_pattern(datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC).strftime(pattern), UTC, pattern=pattern)
    except (ValueError, IndexError, KeyError, re.error) as error:
        raise FootfallError(
            f"no time format is named {pattern!r}: say one of {', '.join(NAMES)}, or one such as '%d.%m.%Y %H:%M'."
        ) from error
    return pattern


def _groups(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return match.groups()


def _month(name: str) -> str:
    number = _MONTHS.get(name.lower())
    if number is None:
        raise ValueError(name)
    return str(number)


def _thousandths(fraction: str | None) -> int:
    return int((fraction + "00")[:3]) if fraction else 0


def _offset_seconds(offset: str) -> int:
    if offset in {"Z", "z", "UTC", "GMT"}:
        return 0
    digits = offset[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60
    return -seconds if offset[0] == "-" else seconds


def _milliseconds(
    year: str,
    month: str,
    day: str,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    offset: str | None,
    zone: tzinfo,
) -> int:
    h, m, s = int(hour or 0), int(minute or 0), int(second or 0)
    if h > 23 or m > 59 or s > 59:
        raise ValueError("no such time of day")
    days = date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY
    seconds = ((days * 24 + h) * 60 + m) * 60 + s
    if offset:
        seconds -= _offset_seconds(offset)
    elif zone is not UTC:
        here = datetime(int(year), int(month), int(day), h, m, s, tzinfo=zone).utcoffset()
        seconds -= int(here.total_seconds()) if here else 0
    return seconds * 1000 + _thousandths(fraction)
