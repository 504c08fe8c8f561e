"""The demo's report: one page that needs no network, and in which nothing that visitors sent can run."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.local.charts import Interval, funnel, intervals, round_up
from footfall.local.demo_result import ChannelRow, Day, DemoResult, ModelResult, PageRow, Stage, Totals
from footfall.local.report import calibration_points, render, roc_points
from footfall.profiles.document import Profile, Reason, RecencyFrequencyMonetary, Score
from footfall.profiles.document import Totals as ProfileTotals

VOID = {"meta", "br", "line", "rect", "circle", "path", "polyline", "polygon"}


class Page(HTMLParser):
    """Collects a page's elements, checks that they nest, and keeps its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def result(word: str = "plain") -> DemoResult:
    return DemoResult(
        seed=7,
        first_day=date(2026, 1, 1),
        end_day=date(2026, 1, 3),
        engine=word,
        stages=[Stage(word, word, 1.5)],
        totals=Totals(100, 90, 6, 4),
        reasons={word: 4},
        visitors=12,
        sessions_found=20,
        sessions_simulated=20,
        days=[Day(date(2026, 1, 1), 5, 6, 20), Day(date(2026, 1, 2), 7, 9, 31)],
        funnel=[("page_view", 15), (word, 5), ("purchase", 0)],
        channels=[ChannelRow(word, 15, 3, 0.05, 0.45)],
        pages=[PageRow(f"/{word}", 9, 4, 12.0)],
        model=ModelResult(
            0.8,
            0.4,
            0.2,
            0.9,
            60,
            4,
            word,
            [0.1, 0.7, 0.2, 0.9],
            [0.1, 0.8, 0.2, 0.9],
            [False, True, False, True],
            [(word, 0.6), ("hour", 0.4)],
        ),
        why_no_model="",
        profile=Profile(
            tenant=word,
            visitor=word,
            user_ids=(word, word),
            as_of=date(2026, 1, 2),
            first_seen=datetime(2026, 1, 1, 8, tzinfo=UTC),
            last_seen=datetime(2026, 1, 2, 9, tzinfo=UTC),
            totals=ProfileTotals(2, 3, 5, 40, 90_000, 1, 12.5),
            lifecycle="new",
            first_channel=word,
            device=word,
            is_bot=False,
            rfm=RecencyFrequencyMonetary(1, 1, 12.5, 5, 1, 3),
            scores=(Score(word, 0.25, 80.0, word, datetime(2026, 1, 2, tzinfo=UTC), (Reason(word, word, 0.5),)),),
        ),
    )


@given(
    st.text(max_size=40) | st.sampled_from(["<script>alert(1)</script>", '"><img src=x onerror=x>', "$figures", "'&"])
)
def test_no_value_becomes_an_element_an_attribute_or_a_placeholder(word: str) -> None:
    plain, hostile = Page(render(result())), Page(render(result(word)))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    assert [set(attributes) for _, attributes in hostile.elements] == [
        set(attributes) for _, attributes in plain.elements
    ]


def test_the_page_loads_nothing() -> None:
    text = render(result())
    page = Page(text)
    assert not {tag for tag, _ in page.elements} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
    }
    for _, attributes in page.elements:
        assert not set(attributes) & {"src", "href", "srcset", "action", "onclick"}
    assert "url(" not in text
    assert "@import" not in text
    assert not re.search(r"https?://", text)


def test_the_page_says_what_was_found() -> None:
    text = Page(render(result())).text
    for said in (
        "1 January 2026 to 2 January 2026",
        "100",
        "0.800",
        "best possible 0.900",
        "/plain",
        "20 were simulated",
    ):
        assert said in text
    assert "$" not in text


def test_books_that_do_not_balance_are_not_shown_as_equal() -> None:
    assert "&ne;" not in render(result())
    assert "&ne;" in render(replace(result(), totals=Totals(100, 90, 6, 3)))


def test_a_demo_without_a_model_or_a_single_row_still_gives_a_page() -> None:
    empty = replace(
        result(), model=None, why_no_model="too <few> sessions", days=[], channels=[], funnel=[], pages=[], stages=[],
        reasons={}, profile=None,
    )  # fmt: skip
    assert "too <few> sessions" in Page(render(empty)).text


def test_roc_moves_equal_scores_together() -> None:
    assert roc_points([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == [(0, 0), (0, 0.5), (0.5, 1), (1, 1)]
    assert roc_points([0.3], [True]) == [(0, 0), (1, 1)]


def test_calibration_groups_rise_and_hold_every_session() -> None:
    points = calibration_points([0.1, 0.2, 0.8, 0.9], [False, False, True, False], 2)
    assert [score for score, _ in points] == pytest.approx([0.15, 0.85])
    assert [share for _, share in points] == [0.0, 0.5]
    assert calibration_points([0.5], [True], 8) == [(0.5, 1.0)]


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_an_axis_ends_at_the_next_number_that_reads_well(value: float) -> None:
    assert value <= round_up(value) <= 10 * value


def test_a_bar_is_as_long_as_its_share() -> None:
    drawn = intervals("Rates", [Interval("a", 0.1, 0.0, 0.2, ""), Interval("b", 0.2, 0.1, 0.4, "")])
    short, long = (float(width) for width in re.findall(r'class="f1 bar"[^>]* width="([0-9.]+)"', drawn))
    assert long == pytest.approx(2 * short, abs=0.2)
    assert "50% of the step before" in funnel("Steps", [("a", 10), ("b", 5)])
