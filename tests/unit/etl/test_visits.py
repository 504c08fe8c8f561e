"""Whatever visitors do, their visits and pages are those that the rules, followed event by event, give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.events.model import Page
from footfall.events.raw_line import RawEvent
from tests.lakes import DAY, HOUR, MINUTE, NOON, SmallLake, event, line

GAP = 30 * MINUTE
PAGES = ("/a", "/b", "")
STEPS = (0, 1, 999, 25 * MINUTE, GAP - 1, GAP, GAP + 1, 3 * HOUR, 20 * HOUR)


@dataclass(frozen=True)
class Act:
    """What a visitor did: when, in milliseconds, where, and whether it is a page view."""

    time: int
    path: str
    is_page_view: bool
    number: int

    @property
    def day(self) -> int:
        """Its day."""
        return self.time // DAY

    def event(self, visitor: str) -> RawEvent:
        """The event that tells of it."""
        page = Page(url=f"https://shop.example{self.path}") if self.path else Page()
        name = "page_view" if self.is_page_view else "click"
        return event(self.time, name, id=f"{visitor}-{self.number:04}", page=page)


@st.composite
def histories(draw: st.DrawFn) -> list[Act]:
    """What one visitor did over some days; some of it as often and as evenly as to fill a day without a gap."""
    time = NOON + draw(st.integers(0, 2 * DAY))
    acts: list[Act] = []
    for _ in range(draw(st.integers(1, 4))):
        step = draw(st.sampled_from(STEPS))
        for _ in range(draw(st.sampled_from((1, 2, 3, 8, 110)) if step in (25 * MINUTE, GAP) else st.integers(1, 6))):
            path, is_page_view = draw(st.sampled_from(PAGES)), draw(st.booleans())
            acts.append(Act(time, path, is_page_view, len(acts)))
            time += step
    return draw(st.permutations(acts)) if len(acts) < 20 else acts


def visits(acts: Sequence[Act]) -> Iterator[list[Act]]:
    """A visit ends before a gap above half an hour, and at midnight after a day that was filled without one."""
    ordered = sorted(acts, key=lambda act: (act.time, not act.is_page_view, act.number))
    begin = {act.number for before, act in zip([None, *ordered], ordered, strict=False) if _is_after_gap(before, act)}
    filled = {act.day for act in ordered} - {act.day for act in ordered if act.number in begin}
    visit: list[Act] = []
    for act in ordered:
        if visit and (act.number in begin or (visit[-1].day < act.day and visit[-1].day in filled)):
            yield visit
            visit = []
        visit.append(act)
    yield visit


def _is_after_gap(before: Act | None, act: Act) -> bool:
    return before is None or act.time - before.time > GAP


def pages(visit: Sequence[Act]) -> dict[int, list[Act]]:
    """What belongs to each page view: what is at its address until that is viewed anew, or at none that was viewed."""
    viewed: list[Act] = []
    belongs: dict[int, list[Act]] = {}
    for act in visit:
        if act.is_page_view:
            viewed.append(act)
            belongs[len(viewed)] = [act]
        elif viewed:
            same = [place for place, page in enumerate(viewed, 1) if page.path == act.path and act.path]
            belongs[max(same, default=len(viewed))].append(act)
    return belongs


@given(st.lists(histories(), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_visits_and_pages_are_those_of_the_rules(told: list[list[Act]]) -> None:
    sessions, views, days = [], [], []
    for number, acts in enumerate(told):
        visitor = f"v{number}"
        found = list(visits(acts))
        for visit in found:
            sessions.append((visitor, visit[0].time, visit[-1].time, len(visit)))
            for place, on_page in pages(visit).items():
                times = [act.time for act in on_page]
                told_of = (len(on_page), sum(not act.is_page_view for act in on_page))
                views.append((visitor, visit[0].time, place, min(times), max(times), on_page[0].path, *told_of))
        for day in {act.day for act in acts}:
            begun = sum(visit[0].day == day for visit in found)
            days.append((visitor, day, sum(act.day == day for act in acts), begun))
    with TemporaryDirectory() as folder:
        lake = SmallLake(Path(folder) / "lake")
        received = max(act.time for acts in told for act in acts) + 1_000
        lake.put(
            "a",
            [
                line(*(act.event(f"v{number}") for act in acts), visitor=f"v{number}", received=received)
                for number, acts in enumerate(told)
            ],
        )
        lake.run()
        assert sorted(sessions) == lake.query(
            "SELECT visitor, epoch_ms(started_at), epoch_ms(ended_at), events FROM sessions ORDER BY ALL"
        )
        assert sorted(views) == lake.query(
            "SELECT p.visitor, epoch_ms(s.started_at), position, epoch_ms(p.started_at), epoch_ms(p.ended_at), "
            "coalesce(page_path, ''), p.events, clicks "
            "FROM page_views AS p JOIN sessions AS s USING (session_id) ORDER BY ALL"
        )
        assert sorted(days) == lake.query(
            "SELECT visitor, epoch_ms(day::TIMESTAMP) // 86400000, events, sessions FROM visitor_days ORDER BY ALL"
        )
