"""The figures that tell how sound a day's events are."""

from pathlib import Path

from tests.lakes import DAY, NOON, SmallLake, event, line


def test_a_days_figures_are_counted_and_counted_again(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    first = event(NOON, "cart", id="a", properties={"size": 1, "who": {"x": []}, "list": [1], "gone": None})
    lake.put("a", [line(first, user="u"), line(event(NOON, "cart", id="b", properties={"size": "xl"}), visitor="w")])
    lake.run()
    late = line(event(NOON + 1, "view", id="c"), received=NOON + 3 * DAY, sent_at=NOON + 3 * DAY)
    lake.put("b", [late])
    lake.run()
    found = lake.query(
        "SELECT figure, event_name, subject, detail, events, of_events FROM data_quality "
        "WHERE figure <> 'null' OR subject IN ('user_id', 'page_url') ORDER BY ALL"
    )
    assert found == [
        ("late", "", "", "", 1, 3),
        ("name", "cart", "", "", 2, 3),
        ("name", "view", "", "", 1, 3),
        ("null", "", "page_url", "", 0, 3),
        ("null", "", "user_id", "", 2, 3),
        ("property", "cart", "gone", "null", 1, 2),
        ("property", "cart", "list", "array", 1, 2),
        ("property", "cart", "size", "number", 1, 2),
        ("property", "cart", "size", "text", 1, 2),
        ("property", "cart", "who", "object", 1, 2),
    ]
