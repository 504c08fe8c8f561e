"""Times in files: formats found, and times read."""

from contextlib import suppress
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.errors import FootfallError
from footfall.protocols.time_formats import NAMES, find_time_format, time_reader, time_zone


@pytest.mark.parametrize(
    ("name", "text", "milliseconds"),
    [
        ("iso", "2024-03-13 10:21:14", 1710325274000),
        ("iso", "2024-03-13T10:21:14Z", 1710325274000),
        ("iso", "2024-03-13T10:21:14.5+02:00", 1710318074500),
        ("iso", "2024-03-13T10:21:14,123456789-0130", 1710330674123),
        ("iso", "2024-03-13 10:21:14 UTC", 1710325274000),
        ("iso", "2024/3/13 10:21", 1710325260000),
        ("iso", "1997-01-01", 852076800000),
        ("epoch", "1424380312", 1424380312000),
        ("epoch", "1424380312.25", 1424380312250),
        ("epoch-ms", "1424380312345", 1424380312345),
        ("yyyymmdd", "19970101", 852076800000),
        ("yyyymmddhhmmss", "20240313102114", 1710325274000),
        ("yyyymmddhhmmss", "20240313T102114Z", 1710325274000),
        ("apache", "17/May/2015:10:05:03 +0000", 1431857103000),
        ("apache", "[17/May/2015:10:05:03 -0700]", 1431882303000),
        ("dd/mm/yyyy", "13/03/2024 10:21:14", 1710325274000),
        ("mm/dd/yyyy", "3/13/2024 10:21:14 PM", 1710368474000),
        ("mm/dd/yyyy", "3/13/2024 12:21 am", 1710289260000),
        ("%d %b %Y %H:%M", "13 Mar 2024 10:21", 1710325260000),
        ("%Y-%m-%d %H:%M:%S %z", "2024-03-13 10:21:14 +0200", 1710318074000),
    ],
)
def test_a_time_is_read(name: str, text: str, milliseconds: int) -> None:
    assert time_reader(name, UTC)(text) == milliseconds


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("iso", "2024-02-30"),
        ("iso", "2024-03-13 24:00:00"),
        ("iso", "2024-03-13 10:61:00"),
        ("iso", "yesterday"),
        ("iso", ""),
        ("yyyymmdd", "19971301"),
        ("epoch", "12"),
        ("dd/mm/yyyy", "13/13/2024"),
        ("mm/dd/yyyy", "3/13/2024 13:00 PM"),
        ("apache", "17/Mai/2015:10:05:03 +0000"),
        ("%d.%m.%Y", "2024"),
    ],
)
def test_a_text_that_is_no_time_is_told(name: str, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (its message is nobody's to read)
        time_reader(name, UTC)(text)


@pytest.mark.parametrize(
    ("zone", "text", "milliseconds"),
    [
        ("Europe/Berlin", "2024-03-13 10:21:14", 1710321674000),
        ("Europe/Berlin", "2024-07-13 10:21:14", 1720858874000),
        ("Europe/Berlin", "2024-10-27 02:30:00", 1729989000000),  # occurs twice: the first
        ("+02:00", "2024-03-13 10:21:14", 1710318074000),
        ("-0130", "2024-03-13 10:21:14", 1710330674000),
        ("utc", "2024-03-13 10:21:14", 1710325274000),
        ("Europe/Berlin", "2024-03-13 10:21:14Z", 1710325274000),
    ],
)
def test_a_zone_holds_where_the_text_names_none(zone: str, text: str, milliseconds: int) -> None:
    assert time_reader("iso", time_zone(zone))(text) == milliseconds


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "+99:00"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(FootfallError, match="no time zone is named"):
        time_zone(zone)


@pytest.mark.parametrize("name", ["isoo", "%Q %", "%"])
def test_an_unknown_format_is_refused(name: str) -> None:
    with pytest.raises(FootfallError, match="no time format is named"):
        time_reader(name, UTC)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["2024-03-13 10:21:14"], "iso"),
        (["", "19970101", "19971231"], "yyyymmdd"),
        (["1424380312"], "epoch"),
        (["1424380312345"], "epoch-ms"),
        (["20240313102114"], "yyyymmddhhmmss"),
        (["17/May/2015:10:05:03 +0000"], "apache"),
        (["01/02/2003", "13/02/2003"], "dd/mm/yyyy"),
        (["01/02/2003", "02/13/2003"], "mm/dd/yyyy"),
        (["2024-03-13", "broken", "2024-03-14"], "iso"),
    ],
)
def test_the_format_of_a_column_is_found(texts: list[str], found: str) -> None:
    assert find_time_format(texts) == found


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["01/02/2003", "03/04/2003"], "day or month first: say --time-format dd/mm/yyyy"),
        (["Feb", "Mar"], "no time format reads 'Feb'"),
        (["2024-03-13", "x", "y"], "no time format reads"),
        (["", ""], "hold no time"),
        ([], "hold no time"),
    ],
)
def test_a_format_that_cannot_be_found_is_asked_for(texts: list[str], said: str) -> None:
    with pytest.raises(FootfallError, match=said):
        find_time_format(texts)


@settings(max_examples=200)
@given(st.sampled_from(NAMES), st.text(max_size=30) | st.from_regex(r"[0-9/:. T+-]{0,30}", fullmatch=True))
def test_any_text_is_a_time_or_a_value_error(name: str, text: str) -> None:
    with suppress(ValueError):
        assert isinstance(time_reader(name, UTC)(text), int)
