"""A bench's figures: the line of each, and the exit code."""

import json
from collections.abc import Iterator

import pytest

from bench._figures import Figure, run
from bench._rounds import cpu_seconds


def lines(figure: Figure, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, object]:
    """The exit code of a bench with this figure, and the line that it prints."""
    monkeypatch.setattr("sys.argv", ["speed", "--quick"])

    def measure(quick: bool) -> Iterator[Figure]:
        assert quick
        yield figure

    code = run("speed", measure)
    return code, json.loads(capsys.readouterr().out)


def test_a_goal_that_is_met_is_told_with_all_that_belongs_to_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, line = lines(Figure("a run", 2, 8, "s", 0.25, "at most 0.25x"), capsys, monkeypatch)
    assert code == 0
    assert isinstance(line, dict)
    assert line.pop("machine")
    assert line == {
        "bench": "speed",
        "figure": "a run",
        "ours": 2.0,
        "theirs": 8.0,
        "ratio": 0.25,
        "unit": "s",
        "better": "lower",
        "goal": "at most 0.25x",
        "ok": True,
        "quick": True,
    }


def test_what_a_figure_tells_beside_its_goal_is_in_its_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = Figure("core", 9, 10, "bytes", 1, "at most 10 bytes", {"bundle": "core", "gzip": 9})
    _, line = lines(figure, capsys, monkeypatch)
    assert isinstance(line, dict)
    assert (line["bundle"], line["gzip"], line["ours"]) == ("core", 9, 9.0)


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param(Figure("a run", 3, 8, "s", 0.25, "at most 0.25x"), id="a ratio above its limit"),
        pytest.param(Figure("lost", 1, 0, "events", 0, "0"), id="one where there is to be none"),
    ],
)
def test_a_goal_that_is_missed_is_told_and_ends_with_1(
    figure: Figure, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, line = lines(figure, capsys, monkeypatch)
    assert code == 1
    assert isinstance(line, dict)
    assert line["ok"] is False


def test_each_side_takes_its_turn_at_being_the_first() -> None:
    order: list[str] = []
    spent = cpu_seconds({name: lambda name=name: order.append(name) for name in "abc"}, rounds=2)  # type: ignore[misc]
    assert order == list("abc" + "bca" + "cab")
    assert set(spent) == {"a", "b", "c"}
