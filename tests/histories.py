"""Histories of a lake, for hypothesis: raw objects, the runs that take them in, where each is killed, and unlinks."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from hypothesis import strategies as st

from footfall.etl.late_events import USUAL, LatePolicy
from footfall.etl.pipeline import STEPS
from footfall.etl.unlinks import UNLINK, Unlink
from footfall.events.model import Page
from footfall.events.raw_line import RawLine
from footfall.local.upkeep_run import run_upkeep
from tests.lakes import DAY, HOUR, MINUTE, NOON, TENANTS, SmallLake, event, line, rejected

Unlinks = list[tuple[int, str, Unlink]]
"""When (epoch ms), of which tenant, and what operators unlinked."""


@dataclass(frozen=True)
class History:
    """What a lake lived through.

    `objects` are the raw objects by their keys; `runs` the keys that are new in each run; `kills` the step after which
    each run is killed, or None; `in_parts` says of each run, and of the last, whether it takes one object in at a time.
    `unlinks` are ordered before the run of number `unlinked_before`, or before the last; before that of number
    `kept_up_before` there is an upkeep. `late` is what all runs but the very last let wait,
    `recent` whether these look through recent objects alone, and `as_many` whether the engine does what it does where
    events are many.
    """

    objects: dict[str, list[RawLine]]
    runs: list[list[str]]
    kills: list[str | None]
    unlinks: Unlinks
    unlinked_before: int
    in_parts: tuple[bool, ...]
    kept_up_before: int | None = None
    late: LatePolicy | None = None
    recent: bool = False
    as_many: bool = False


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

# By which raw objects are named: some come late for a run that looks through recent ones; and one that was imported.
HOURS = ("2025/10/07/00", "2025/10/09/13", "2025/10/10/13", "2025/10/11/12", "import")
PAGES = (None, Page(), Page(url="https://shop.example/a"), Page(url="https://shop.example/b?utm_medium=email"))
# In so small a lake nothing would wait for long.
PATIENT = tuple(LatePolicy(days, worth_a_day=1_000, longest_wait_ms=7 * DAY, most_share=1) for days in (0, 1))
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
# What tells of visitors, users and items is among them, and ids are few: links and aliases meet, and form circles.
PROPERTIES |= dict.fromkeys(
    ("identify", "alias", "$set", "$unset", "$delete"),
    st.fixed_dictionaries(
        {"value": amounts},
        optional={
            "previous": st.sampled_from(["u1", "u2", "v", "w"]),
            "entityType": st.sampled_from(["item", "user"]),
            "entityId": st.sampled_from(["i1", "u1"]),
        },
    ),
)
orders = st.lists(
    st.tuples(
        st.integers(-2, 20).map(lambda quarters: NOON + quarters * 6 * HOUR),
        st.sampled_from(["shop", "blog"]),
        st.builds(Unlink, st.sampled_from(["v", "w", "u1"]), st.sampled_from(["u1", "u2"])),
    ),
    max_size=3,
)


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
        # Nobody, now and then: what is said of an entity has no visitor.
        visitor=draw(st.sampled_from(["v", "w", "v", "w", ""])),
        user_agent=draw(st.sampled_from(["", "", "Googlebot/2.1"])),
        tenant=draw(st.sampled_from(["shop", "shop", "blog"])),
        protocol=draw(st.sampled_from(["native", "predictionio"])),
        rejected=[rejected(99)] if draw(st.booleans()) else [],
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to four raw objects, in up to two runs, of which either may be killed, and one that ends."""
    contents = draw(st.lists(st.lists(raw_lines(), min_size=1, max_size=2), min_size=1, max_size=4))
    objects = {f"{draw(st.sampled_from(HOURS))}/o{number}": lines for number, lines in enumerate(contents)}
    order = draw(st.permutations(sorted(objects)))
    runs = draw(st.integers(1, 2))
    split = [list(order[start::runs]) for start in range(runs)]
    kills = [draw(st.sampled_from([None, *STEPS, "unlinks"])) for _ in split]
    in_parts = draw(st.tuples(*[st.booleans()] * (runs + 1)))
    kept_up_before = draw(st.sampled_from([None, None, 1, 2]))
    late = draw(st.sampled_from([USUAL, *PATIENT]))
    unlinked_before = draw(st.integers(0, 2))
    recent, as_many = draw(st.booleans()), draw(st.booleans())
    return History(
        objects, split, kills, draw(orders), unlinked_before, in_parts, kept_up_before, late, recent, as_many
    )


class Killed(BaseException):
    """Stands for the end of the process: nothing in the pipeline catches it."""


def kill_after(step: str | None) -> Callable[[str], None]:
    """A run's progress that ends the process after a step; None: never."""

    def stop(done: str) -> None:
        if done == step:
            raise Killed

    return stop


def check(history: History) -> None:
    """Live through a history, and hold the lake to that of one clean run.

    Raises:
        AssertionError: they differ, or sessions, users or persons are not what the rules say.
    """
    unlinks = history.unlinks
    with tempfile.TemporaryDirectory() as folder:
        clean = SmallLake(Path(folder) / "clean")
        for key, lines in history.objects.items():
            clean.put(key, lines)
        order(clean, unlinks)
        clean.run()

        lived = SmallLake(Path(folder) / "lived")
        runs = zip([*history.runs, []], [*history.kills, None], history.in_parts, strict=True)
        for number, (keys, kill, in_parts) in enumerate(runs):
            if number == len(history.runs):
                order(lived, unlinks[::-1])
            elif number == history.unlinked_before:
                order(lived, unlinks)
            if number == history.kept_up_before:
                run_upkeep(lived.lake)
            for key in keys:
                lived.put(key, history.objects[key])
            try:
                lived.run(
                    kill_after(kill),
                    most_bytes=1 if in_parts else None,
                    late=history.late,
                    recent=history.recent,
                    as_many=history.as_many,
                )
            except Killed:
                continue
        lived.run()

        assert lived.query("SELECT count(*) FROM late_events") == [(0,)]
        assert lived.tables() == clean.tables()
        assert sessions_found(clean) == sessions_expected(clean)
        assert users_found(clean) == users_expected(clean, unlinks)
        assert persons_found(clean) == persons_expected(clean, unlinks)


def order(lake: SmallLake, unlinks: Unlinks) -> None:
    """Record these unlinks; those that are recorded already stay as they are."""
    for at, tenant, unlink in unlinks:
        lake.actions.record(UNLINK, tenant, at, unlink)


Visit = tuple[str, str, datetime, datetime, int]


def sessions_found(lake: SmallLake) -> list[Visit]:
    found = lake.query("SELECT tenant, visitor, started_at, ended_at, events FROM sessions")
    return sorted(tuple(row) for row in found)


def sessions_expected(lake: SmallLake) -> list[Visit]:
    """The rule of a visit, said again in Python over all of a visitor's events at once."""
    gaps = {tenant.name: timedelta(seconds=tenant.session_gap_seconds) for tenant in TENANTS}
    times: dict[tuple[str, str], list[datetime]] = {}
    for tenant, visitor, time in lake.query(
        "SELECT tenant, visitor, event_time FROM events WHERE visitor <> '' ORDER BY event_time"
    ):
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


def users_found(lake: SmallLake) -> list[tuple[str, str, datetime, str]]:
    """Who holds each visitor from when on, by the stretches that stand."""
    found = lake.query(
        "SELECT tenant, visitor, from_time, user_id FROM identities WHERE undone_at IS NULL "
        "ORDER BY tenant, visitor, from_time, event_id, user_id"
    )
    return [tuple(row) for row in found]


def users_expected(lake: SmallLake, unlinks: Unlinks) -> list[tuple[str, str, datetime, str]]:
    """The rule of stretches, said again in Python, event by event."""
    said = lake.query(
        "SELECT tenant, visitor, user_id, event_time, event_id, client_time, name, properties FROM events "
        "WHERE user_id IS NOT NULL"
    )
    sightings = []
    for tenant, visitor, user, time, event_id, client_time, name, text in said:
        visitors = {visitor} - {""}
        if name == "alias" and "previous" in (properties := json.loads(text)):
            visitors.add(properties["previous"])
        sightings += [(tenant, each, time.date(), time, event_id, client_time, user) for each in visitors]
    stretches = []
    last: tuple[object, ...] = ()
    for tenant, visitor, day, time, event_id, _, user in sorted(sightings):
        if (tenant, visitor, day, user) != last:
            undone = any(
                (at_tenant, unlink.visitor, unlink.user) == (tenant, visitor, user)
                and time <= datetime.fromtimestamp(at / 1000, UTC).replace(tzinfo=None)
                for at, at_tenant, unlink in unlinks
            )
            if not undone:
                stretches.append((tenant, visitor, time, event_id, user))
            last = (tenant, visitor, day, user)
    return [(tenant, visitor, time, user) for tenant, visitor, time, _, user in sorted(stretches)]


def persons_found(lake: SmallLake) -> dict[tuple[str, str], str]:
    """The person of each user id that was given up."""
    found = lake.query("SELECT tenant, previous, person FROM aliases WHERE person IS NOT NULL")
    return {(tenant, previous): person for tenant, previous, person in found}


def persons_expected(lake: SmallLake, unlinks: Unlinks) -> dict[tuple[str, str], str]:
    """The latest alias of each id counts; the end of a chain, or the least id of a circle, names the person."""
    leads: dict[tuple[str, str], str] = {}
    said = lake.query(
        "SELECT tenant, user_id, properties, event_time FROM events "
        "WHERE name = 'alias' AND user_id IS NOT NULL "
        "ORDER BY event_time, event_id, raw_object, raw_line, raw_index"
    )
    for tenant, user, text, time in said:
        previous = json.loads(text).get("previous", user)
        undone = any(
            (at_tenant, unlink.visitor, unlink.user) == (tenant, previous, user)
            and time <= datetime.fromtimestamp(at / 1000, UTC).replace(tzinfo=None)
            for at, at_tenant, unlink in unlinks
        )
        if previous != user and not undone:
            leads[(tenant, previous)] = user
    persons = {}
    for tenant, previous in leads:
        path = [previous]
        while (tenant, path[-1]) in leads and leads[(tenant, path[-1])] not in path:
            path.append(leads[(tenant, path[-1])])
        onward = leads.get((tenant, path[-1]))
        end = path[-1] if onward is None else min(path[path.index(onward) :])
        persons[(tenant, previous)] = hashlib.sha256(f"{tenant}|{end}".encode()).hexdigest()[:32]
    return persons
