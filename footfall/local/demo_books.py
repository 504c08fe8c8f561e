"""Whether the lake holds what was simulated: the books of one sending, and everything that differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footfall.etl.books import DayBooks
from footfall.local.demo_record import DemoRecord
from footfall.local.demo_result import Totals
from footfall.local.simulator.truth import Truth


@dataclass(frozen=True)
class Checked:
    """The books of one sending, the quarantine's reasons in it, and a line for each thing that is not as it must be."""

    totals: Totals
    reasons: Mapping[str, int]
    problems: Sequence[str]


def check_books(truth: Truth, record: DemoRecord, days: Sequence[DayBooks], reasons: Mapping[str, int]) -> Checked:
    """Compare what was sent with the lake's books of the tenant.

    The traffic may have been sent more than once: then raw holds it `record.completed` times, and what is told is one
    sending's share. Where a sending was broken off, or a request was sent again without an answer, nobody knows how
    much more raw holds: then the books must balance, and what is stored must be what was simulated.

    Args:
        truth: what was simulated.
        record: how often it was sent.
        days: the books of the tenant's days.
        reasons: events in quarantine by reason code.
    """
    received, stored, duplicates, quarantined, waiting = (
        sum(getattr(day, name) for day in days)
        for name in ("received", "stored", "duplicate", "quarantined", "waiting")
    )
    problems = [f"the books of {day.day} do not balance: {day}" for day in days if not day.balanced]
    if waiting:
        problems.append(f"{waiting:,} events wait in raw objects that the ETL has not taken in")
    if stored != truth.stored:
        problems.append(f"{stored:,} events are stored, and {truth.stored:,} distinct good ones were sent")
    times = record.completed
    if not record.exact:
        if received < times * truth.sent:
            problems.append(f"{received:,} events were received, and at least {times * truth.sent:,} were acknowledged")
        return Checked(Totals(truth.sent, stored, truth.duplicates, truth.quarantined), truth.broken, problems)
    if received != times * truth.sent:
        problems.append(f"{received:,} events were received, and {times} times {truth.sent:,} were sent")
    for reason in sorted(set(truth.broken) | set(reasons)):
        found, expected = reasons.get(reason, 0), times * truth.broken.get(reason, 0)
        if found != expected:
            problems.append(f"{found:,} events are in quarantine as {reason}, and {expected:,} should be")
    sent_again = (times - 1) * (truth.sent - truth.quarantined)
    totals = Totals(truth.sent, stored, duplicates - sent_again, quarantined // times)
    if not totals.balanced:
        problems.append(f"the books of one sending do not balance: {totals}")
    return Checked(totals, {reason: count // times for reason, count in reasons.items()}, problems)


def check_sessions(truth: Truth, found: Sequence[tuple[str, int, int, int, bool]]) -> list[str]:
    """A line where the sessions found are not those simulated.

    Args:
        truth: what was simulated.
        found: (visitor, start, end in epoch milliseconds, events, whether it converted) of each session in the lake.
    """
    simulated = {
        (session.visitor, session.started_at, session.ended_at, session.events, session.converted)
        for session in truth.sessions
    }
    differ = len(simulated ^ set(found))
    if differ or len(found) != len(simulated):
        return [f"{len(found):,} sessions were found and {len(simulated):,} simulated; {differ:,} differ"]
    return []


def in_one_line(days: Sequence[DayBooks]) -> str:
    """What raw holds, and where it is."""
    names = ("received", "stored", "duplicate", "quarantined")
    received, *found = (sum(getattr(day, name) for day in days) for name in names)
    terms = " + ".join(f"{count:,} {name}" for count, name in zip(found, names[1:], strict=True))
    return f"raw holds {received:,} events = {terms}"
