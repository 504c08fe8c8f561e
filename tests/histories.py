"""Histories of a lake, for hypothesis: raw objects, the runs that take them in, and where each run is killed."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from hypothesis import strategies as st

from footfall.etl.pipeline import STEPS
from footfall.events.model import Page
from footfall.events.raw_line import RawLine
from tests.lakes import DAY, HOUR, MINUTE, NOON, TENANTS, SmallLake, event, line, rejected

History = tuple[dict[str, list[RawLine]], list[list[str]], list[str | None]]
"""Raw objects by their keys; the keys that are new in each run; the step after which the run is killed, or None."""

# Instants that lie close to each other, at midnight, days apart and more than a year late: where visits join and part.
offsets = st.one_of(
    st.integers(0, 90).map(lambda minutes: minutes * MINUTE),
    st.integers(-40, 40).map(lambda minutes: 12 * HOUR + minutes * MINUTE),
    st.integers(0, 12).map(lambda quarters: quarters * 6 * HOUR),
    st.sampled_from([-1, -2, -30, -400]).map(lambda days: days * DAY),
)
# Days filled without a gap, or nearly so: an event each half hour or so, for one to four days.
streams = st.builds(
    lambda start, length, skipped: [start * 6 * HOUR + n * 30 * MINUTE for n in range(length) if n != skipped],
    st.integers(-3, 3),
    st.sampled_from([60, 120, 170]),
    st.one_of(st.none(), st.integers(0, 169)),
)

PAGES = (None, Page(), Page(url="https://shop.example/a"), Page(url="https://shop.example/b?utm_medium=email"))
amounts = st.integers(0, 9)
PROPERTIES: dict[str, st.SearchStrategy[dict[str, object]]] = {
    "page_view": st.fixed_dictionaries({"webdriver": st.sampled_from([None, False, True])}),
    "purchase": st.fixed_dictionaries({"value": amounts, "items": st.lists(st.sampled_from(["i", "j"]), max_size=2)}),
    "click": st.fixed_dictionaries({"x": amounts, "y": amounts, "width": st.just(100)}),
    "pointer": st.builds(
        lambda x, path: {"x": x, "y": 3, "width": 100, "path": path},
        amounts,
        st.sampled_from(["no path", [[90, 9, 40]]]),
    ),
    "engagement": st.fixed_dictionaries({"engaged_ms": st.integers(0, 20_000), "scroll_depth": amounts}),
    "web_vital": st.fixed_dictionaries({"metric": st.sampled_from(["LCP", "CLS"]), "value": amounts}),
}


@st.composite
def raw_lines(draw: st.DrawFn) -> RawLine:
    times = draw(st.one_of(st.lists(offsets, min_size=1, max_size=4), streams))
    events = [
        event(
            NOON + offset,
            draw(st.sampled_from(sorted(PROPERTIES))) if len(times) < 5 else "click",
            # Few ids, so that copies are common, within a visitor and across.
            id=f"e{draw(st.integers(0, 5))}" if len(times) < 5 else f"s{offset}",
            user=draw(st.sampled_from(["", "u1", "u2"])) if len(times) < 5 else "",
            page=draw(st.sampled_from(PAGES)) if len(times) < 5 else None,
        )
        for offset in times
    ]
    events = [msgspec.structs.replace(item, properties=draw(PROPERTIES[item.name])) for item in events]
    received = NOON + draw(st.sampled_from([13 * HOUR, DAY, 2 * DAY]))
    return line(
        *events,
        received=received,
        sent_at=received - draw(st.sampled_from([0, 0, 30_000, 20 * HOUR])),
        visitor=draw(st.sampled_from(["v", "w"])),
        user_agent=draw(st.sampled_from(["", "", "Googlebot/2.1"])),
        tenant=draw(st.sampled_from(["shop", "shop", "blog"])),
        rejected=[rejected(99)] if draw(st.booleans()) else [],
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Raw objects, the runs that each take in some of them, and the step after which each run is killed, or None."""
    contents = draw(st.lists(st.lists(raw_lines(), min_size=1, max_size=2), min_size=1, max_size=4))
    objects = {f"o{number}": lines for number, lines in enumerate(contents)}
    order = draw(st.permutations(sorted(objects)))
    runs = draw(st.integers(1, 2))
    split = [list(order[start::runs]) for start in range(runs)]
    kills = [draw(st.sampled_from([None, *STEPS])) for _ in split]
    return objects, split, kills


class Killed(BaseException):
    """Stands for the end of the process: nothing in the pipeline catches it."""


def check(history: History) -> None:
    """Live through a history, and hold the lake to that of one clean run.

    Raises:
        AssertionError: they differ, or the sessions are not what the rule says.
    """
    objects, split, kills = history
    with tempfile.TemporaryDirectory() as folder:
        clean = SmallLake(Path(folder) / "clean")
        for key, lines in objects.items():
            clean.put(key, lines)
        clean.run()

        lived = SmallLake(Path(folder) / "lived")
        for keys, kill in zip(split, kills, strict=True):
            for key in keys:
                lived.put(key, objects[key])

            def stop(step: str, kill: str | None = kill) -> None:
                if step == kill:
                    raise Killed

            try:
                lived.run(stop)
            except Killed:
                continue
        lived.run()

        assert lived.tables() == clean.tables()
        assert sessions_found(clean) == sessions_expected(clean)


Visit = tuple[str, str, datetime, datetime, int]


def sessions_found(lake: SmallLake) -> list[Visit]:
    found = lake.query("SELECT tenant, visitor, started_at, ended_at, events FROM sessions")
    return sorted(tuple(row) for row in found)


def sessions_expected(lake: SmallLake) -> list[Visit]:
    """The rule of a visit, said again in Python over all of a visitor's events at once."""
    gaps = {tenant.name: timedelta(seconds=tenant.session_gap_seconds) for tenant in TENANTS}
    times: dict[tuple[str, str], list[datetime]] = {}
    for tenant, visitor, time in lake.query("SELECT tenant, visitor, event_time FROM events ORDER BY event_time"):
        times.setdefault((tenant, visitor), []).append(time)
    visits: list[Visit] = []
    for (tenant, visitor), ordered in times.items():
        parted = [n == 0 or ordered[n] - ordered[n - 1] > gaps[tenant] for n in range(len(ordered))]
        days_with_a_gap = {ordered[n].date() for n, apart in enumerate(parted) if apart}
        current: list[datetime] = []
        for n, time in enumerate(ordered):
            before = ordered[n - 1].date() if n else None
            after_a_full_day = before is not None and before < time.date() and before not in days_with_a_gap
            if current and (parted[n] or after_a_full_day):
                visits.append((tenant, visitor, current[0], current[-1], len(current)))
                current = []
            current.append(time)
        visits.append((tenant, visitor, current[0], current[-1], len(current)))
    return sorted(visits)
