"""Promise 2: whatever the order, batching and lateness of what arrived, and wherever a run was killed."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.etl.pipeline import STEPS
from footfall.events.raw_line import RawLine
from tests.lakes import DAY, HOUR, MINUTE, NOON, SmallLake, event, line, rejected

# Instants that lie close to each other, at midnight, days apart and more than a year late: where visits join and part.
offsets = st.one_of(
    st.integers(0, 90).map(lambda minutes: minutes * MINUTE),
    st.integers(-40, 40).map(lambda minutes: 12 * HOUR + minutes * MINUTE),
    st.integers(0, 12).map(lambda quarters: quarters * 6 * HOUR),
    st.sampled_from([-1, -2, -30, -400]).map(lambda days: days * DAY),
)


@st.composite
def raw_lines(draw: st.DrawFn) -> RawLine:
    times = draw(st.lists(offsets, min_size=1, max_size=4))
    events = [
        event(
            NOON + offset,
            draw(st.sampled_from(["page_view", "purchase", "click"])),
            # Few ids, so that copies are common, within a visitor and across.
            id=f"e{draw(st.integers(0, 5))}",
            user=draw(st.sampled_from(["", "u1", "u2"])),
            properties={"value": draw(st.integers(0, 9))},
        )
        for offset in times
    ]
    received = NOON + draw(st.sampled_from([13 * HOUR, DAY, 2 * DAY]))
    return line(
        *events,
        received=received,
        sent_at=received - draw(st.sampled_from([0, 0, 30_000, 20 * HOUR])),
        visitor=draw(st.sampled_from(["v", "w"])),
        tenant=draw(st.sampled_from(["shop", "shop", "blog"])),
        rejected=[rejected(99)] if draw(st.booleans()) else [],
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[str, list[RawLine]], list[list[str]], list[str | None]]:
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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories())
def test_any_history_gives_the_tables_of_one_clean_run(
    history: tuple[dict[str, list[RawLine]], list[list[str]], list[str | None]],
) -> None:
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
