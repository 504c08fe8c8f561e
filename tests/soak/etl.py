"""Histories of a lake; and what an ETL that appends what is new would have made of them."""

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.histories import History, check, histories
from tests.soak.parts import Found

Key = tuple[str, str, int]


def block(base: int, place: int, numbers: range) -> Found:
    """Live through this many histories, all drawn from the block's first seed."""
    found = Found()
    first = base + numbers.start

    @seed(first)
    @settings(
        max_examples=len(numbers),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(histories())
    def live(history: History) -> None:
        stored, right = appended(history)
        found.add(Found(tried=1, held=1, control_tried=1, control_held=1, control_lost=sorted(stored) != sorted(right)))
        check(history)

    try:
        live()
    except Exception as error:
        found.lost += 1
        told = [str(error) or type(error).__name__, *getattr(error, "__notes__", ())]
        found.wrong.append(f"{first}: {' '.join(' '.join(told).split())[:500]}")
    return found


def appended(history: History) -> tuple[list[Key], set[Key]]:
    """What stands in the events of an ETL that appends, and what should: the control.

    It keeps one of the copies that it sees in one run, and commits its ledger last, as ours does.
    """
    keys = {
        name: [(line.tenant, event.id, event.time) for line in lines for event in line.events]
        for name, lines in history.objects.items()
    }
    stored: list[Key] = []
    here: list[str] = []
    ledger: set[str] = set()
    for new, kill in zip([*history.runs, []], [*history.kills, None], strict=True):
        here += new
        taken = [name for name in here if name not in ledger]
        if kill in ("read", "quarantine"):
            continue
        stored += {key for name in taken for key in keys[name]}
        if kill in (None, "ledger", "unlinks"):
            ledger.update(taken)
    return stored, {key for name in here for key in keys[name]}
