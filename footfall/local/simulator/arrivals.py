"""When visitors come: by day of the week and hour of the day, UTC."""

from random import Random

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

HOURS = (4, 2, 2, 1, 1, 2, 4, 8, 12, 15, 16, 17, 18, 16, 15, 15, 16, 18, 22, 27, 30, 26, 17, 9)
WEEK = (1.0, 0.95, 0.95, 1.0, 1.05, 1.25, 1.3)
GROWTH = 0.3
_THURSDAY = 3


def first_day(random: Random, start: int, days: int) -> int:
    """The day (0 to days - 1) of a first visit: week ends are busier, and the last day is 30 % busier than the first.

    `start` is the first day's midnight, epoch milliseconds.
    """
    epoch_day = start // DAY_MS
    weights = [WEEK[(epoch_day + day + _THURSDAY) % 7] * (1 + GROWTH * day / days) for day in range(days)]
    return random.choices(range(days), weights)[0]


def moment(random: Random, start: int, day: int) -> int:
    """A time on that day, by the hours' weights; epoch milliseconds."""
    hour = random.choices(range(24), HOURS)[0]
    return start + day * DAY_MS + hour * HOUR_MS + random.randrange(HOUR_MS)
