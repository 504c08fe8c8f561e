"""Delimited files: what is found, what is asked for, and what becomes of each row."""

import gzip
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.errors import FootfallError
from footfall.events.model import Page
from footfall.protocols.csv_cells import amount_of, property_of
from footfall.protocols.csv_plan import CsvOptions, CsvPlan, make_plan, parse_mapping
from footfall.protocols.csv_rows import MAX_ROW_LINES, CsvRows
from footfall.protocols.file_lines import read_lines
from footfall.protocols.imported_row import Heading, ImportedEvent, Row, Unreadable

DATA = Path(__file__).parents[4] / "shared" / "data"
WHO_WHEN = {"visitor": "who", "time": "when"}


def options(mapping: dict[str, str] | None = None, **said: object) -> CsvOptions:
    given_options: dict[str, object] = {
        "mapping": WHO_WHEN if mapping is None else mapping,
        "event": "purchase",
        **said,
    }
    return msgspec.convert(given_options, CsvOptions)


def plan(content: bytes | str, said: CsvOptions | None = None) -> CsvPlan:
    encoded = content.encode() if isinstance(content, str) else content
    return make_plan(read_lines(BytesIO(encoded)), said or options())


def rows(content: bytes | str, said: CsvOptions | None = None) -> list[Row]:
    encoded = content.encode() if isinstance(content, str) else content
    return list(CsvRows(plan(encoded, said)).rows(read_lines(BytesIO(encoded))))


def events(content: bytes | str, said: CsvOptions | None = None) -> list[ImportedEvent]:
    contents = [row.content for row in rows(content, said) if not isinstance(row.content, Heading)]
    assert all(isinstance(content, ImportedEvent) for content in contents), contents
    return [content for content in contents if isinstance(content, ImportedEvent)]


def test_every_mapped_column_goes_to_its_place_and_the_rest_become_properties() -> None:
    targets = (
        "visitor",
        "user",
        "name",
        "time",
        "id",
        "url",
        "referrer",
        "title",
        "user_agent",
        "ip",
        "value",
        "level",
    )
    mapping = {target: target[:2] + "_column" for target in targets} | {"currency": "cu_column"}
    mapping |= {"user_agent": "agent", "url": "address", "title": "heading", "visitor": "browser"}
    header = ",".join([*mapping.values(), "colour", "size"])
    row = "v1,u1,purchase,2024-03-13,e1,https://a/b,https://c/,Hello,Mozilla,192.0.2.77,12.50,mid,EUR,red,"
    (event,) = events(f"{header}\n{row}\n", options(mapping, event=None))
    assert event == ImportedEvent(
        name="purchase",
        level="mid",
        time=1710288000000,
        visitor="v1",
        properties={"colour": "red", "value": 12.5, "currency": "EUR"},
        page=Page("https://a/b", "https://c/", "Hello"),
        user="u1",
        ip="192.0.2.0",
        user_agent="Mozilla",
        id="e1",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("who,when,x\na,2024-03-13,1\n", options()),
        ("who;when;x\na;2024-03-13;1\n", options()),
        ("who\twhen\tx\na\t2024-03-13\t1\n", options()),
        ("who|when|x\na|2024-03-13|1\n", options()),
        ("who::when::x\na::2024-03-13::1\n", options()),
        ("  who  when x\r\n a  2024-03-13   1\r\n", options()),
        ("\ufeffwho,when,x\na,2024-03-13,1\n", options()),
        ('"who","when","x"\n"a","2024-03-13",1\n', options()),
        ("a,2024-03-13,1\n", options(columns=["who", "when", "x"])),
        ("WHO,When,x\na,2024-03-13,1\n", options(columns=["who", "when", "x"])),
        ("other,names,here\na,2024-03-13,1\n", options(columns=["who", "when", "x"], header=True)),
        ("a 2024-03-13 1\n", options(columns=["who", "when", "x"])),
        ("who~when~x\na~2024-03-13~1\n", options(delimiter="~")),
        ("who\twhen\tx\na\t2024-03-13\t1\n", options(delimiter="tab")),
    ],
)
def test_delimiter_header_and_columns_are_found_or_given(content: str, said: CsvOptions) -> None:
    (event,) = events(content, said)
    assert (event.visitor, event.time, event.properties) == ("a", 1710288000000, {"x": 1})


@pytest.mark.parametrize("said", [{}, {"header": False}])
def test_columns_without_names_are_numbered(said: dict[str, object]) -> None:
    mapping = {"visitor": "column_1", "time": "column_2"}
    (event,) = events("a,2024-03-13,1\n", options(mapping, **said))
    assert event.properties == {"column_3": 1}


def test_a_delimiter_inside_the_text_of_a_column_does_not_confuse() -> None:
    assert plan("who,when,x\na,2024-03-13,1;2;3\nb,2024-03-13,4;5\n").delimiter == ","


@pytest.mark.parametrize(
    ("said", "row", "level"),
    [
        ({}, "page_view,", "mid"),
        ({}, "click,", "low"),
        ({}, "anything,", "high"),
        ({"level": "low"}, "anything,", "low"),
        ({"mapped": True}, "anything,mid", "mid"),
        ({"mapped": True}, "page_view,", "mid"),
    ],
)
def test_a_level_is_mapped_or_given_or_known_by_the_name(said: dict[str, object], row: str, level: str) -> None:
    mapping = {**WHO_WHEN, "name": "what"} | ({"level": "level"} if said.pop("mapped", False) else {})
    (event,) = events(f"who,when,what,level\na,2024-03-13,{row}\n", options(mapping, event=None, **said))
    assert event.level == level


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("11.77", 11.77),
        ("-3", -3),
        ("0", 0),
        ("0.5", 0.5),
        ("00001", "00001"),
        ("12.00", "12.00"),
        ("-0", "-0"),
        ("+1", "+1"),
        (".5", ".5"),
        ("1e3", "1e3"),
        ("1,5", "1,5"),
        ("NaN", "NaN"),
        ("4111111111111111", "4111111111111111"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("٣", "٣"),
        (" 7", " 7"),
        ("true", "true"),
    ],
)
def test_a_cell_is_a_number_only_where_json_writes_it_the_same(text: str, value: object) -> None:
    read = property_of(text)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "value"), [("12.00", 12.0), ("11.77", 11.77), ("7", 7), ("EUR 7", "EUR 7"), ("-0.10", -0.1)]
)
def test_an_amount_is_a_number_where_a_double_holds_it_exactly(text: str, value: object) -> None:
    assert amount_of(text) == value


@settings(max_examples=200)
@given(st.text(max_size=25) | st.from_regex(r"-?[0-9]{0,20}\.?[0-9]{0,20}", fullmatch=True))
def test_a_cell_keeps_its_text_or_for_an_amount_its_value(text: str) -> None:
    read, amount = property_of(text), amount_of(text)
    assert read == text if isinstance(read, str) else msgspec.json.encode(read).decode() == text
    if not isinstance(amount, str):
        assert Decimal(msgspec.json.encode(amount).decode()) == Decimal(text)


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends() -> None:
    content = 'who,when,x\na,2024-03-13,"1, ""2""\nand 3"\nb,2024-03-13,4\n'
    read = rows(content)
    assert [(row.number, row.lines) for row in read] == [(1, 1), (2, 2), (4, 1)]
    assert [event.properties["x"] for event in events(content)] == ['1, "2"\nand 3', 4]


def test_a_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    content = 'who,when,x\na,2024-03-13,"open\n' + "b,2024-03-13,1\n" * (MAX_ROW_LINES + 5)
    contents = [row.content for row in rows(content)]
    assert contents[1] == Unreadable("a quoted cell is not closed")
    assert sum(isinstance(content, ImportedEvent) for content in contents) == MAX_ROW_LINES + 5


def test_two_open_quotes_do_not_swallow_the_rows_between_them() -> None:
    content = 'who,when,x\na,2024-03-13,"open\nb,2024-03-13,1\nc,2024-03-13,"open\nd,2024-03-13,2\n'
    kinds = [type(row.content) for row in rows(content)]
    assert kinds == [Heading, Unreadable, ImportedEvent, Unreadable, ImportedEvent]


def test_a_quote_inside_an_unquoted_cell_is_text() -> None:
    assert events('who,when,x\na,2024-03-13,5" nail\n')[0].properties == {"x": '5" nail'}


@pytest.mark.parametrize(
    ("row", "detail"),
    [
        (b"", "the line is empty"),
        (b"a,2024-03-13", "2 cells, and 3 columns"),
        (b"a,2024-03-13,1,2", "4 cells, and 3 columns"),
        (b"a,13.3.,1", "when '13.3.' is no time of the format iso"),
        (b"a,,1", "when '' is no time of the format iso"),
        (b"\xff,2024-03-13,1", "not utf-8: invalid start byte"),
        (b'a,2024-03-13,"1"2', "not a row: ',' expected after '\"'"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(row: bytes, detail: str) -> None:
    contents = [row.content for row in rows(b"who,when,x\na,2024-03-13,1\n" + row + b"\nb,2024-03-13,1\n")]
    assert contents[2] == Unreadable(detail)
    assert isinstance(contents[3], ImportedEvent)


def test_a_file_in_another_encoding_is_read_in_it() -> None:
    content = "who,when,x\na,2024-03-13,café\n".encode("latin-1")
    assert events(content, options(encoding="latin-1"))[0].properties == {"x": "café"}


def test_a_zone_holds_for_all_times_that_name_none() -> None:
    assert events("who,when\na,2024-03-13\n", options(time_zone="+01:00"))[0].time == 1710284400000


def test_whole_addresses_do_not_reach_quarantine_where_a_column_is_one() -> None:
    mapped = CsvRows(plan("who,when,ip\na,2024-03-13,192.0.2.77\n", options({**WHO_WHEN, "ip": "ip"})))
    free = CsvRows(plan("who,when,ip\na,2024-03-13,192.0.2.77\n"))
    assert mapped.storable(b"a,192.0.2.77") == "a,192.0.2.0"
    assert free.storable(b"a,192.0.2.77") == "a,192.0.2.77"


@pytest.mark.parametrize(
    ("content", "said", "message"),
    [
        ("who,when\n", options({"time": "when"}), "no column is mapped to visitor"),
        ("who,when\n", options({"visitor": "who"}), "no column is mapped to time"),
        ("who,when\n", options(event=None), "say what each row is"),
        ("who,when\n", options({**WHO_WHEN, "name": "x"}), "say what each row is"),
        ("who,when\n", options(level="top"), "no level is named 'top'"),
        ("who,when\n", options({**WHO_WHEN, "level": "who"}, level="low"), "say either --level or"),
        ("a,b,c\n1,2,3\n", options(), "there is no column 'who'; the columns are a, b, c"),
        ("who,when,x,x\na,2024-03-13,1,2\n", options(), "two columns are named 'x'"),
        ("who,when,p,value\na,2024-03-13,1,2\n", options({**WHO_WHEN, "value": "p"}), "would come from two columns"),
        ("who,when\n", options(), "hold no time"),
        ("who,when\na,01/02/2003\n", options(), "may be day or month first"),
        ("who,when\na,2024-03-13\n", options(time_format="isoo"), "no time format is named 'isoo'"),
        ("who,when\na,2024-03-13\n", options(time_zone="Mars"), "no time zone is named 'Mars'"),
        ("who,when\na,2024-03-13\n", options(encoding="utf-99"), "no encoding is named 'utf-99'"),
        ("who,when\na,2024-03-13\n", options(encoding="hex"), "no encoding is named 'hex'"),
        ("who,when\na,2024-03-13\n", options(encoding="utf-16"), "utf-16 cannot be read line by line"),
        ("who,when\na,2024-03-13\n".encode("utf-16"), options(), "it is UTF-16"),
        (b"\xffwho,when\na,2024-03-13\n", options(), "its first line is not utf-8"),
        ("who,when\na,2024-03-13\n", options(delimiter='"'), "is no delimiter"),
        ("one\ntwo\n", options(), "no delimiter is found"),
        ("\n \n", options(), "first lines are empty"),
        ("", options(), "first lines are empty"),
    ],
)
def test_what_does_not_fit_together_is_said_in_one_line(content: bytes | str, said: CsvOptions, message: str) -> None:
    with pytest.raises(FootfallError, match=message) as raised:
        plan(content, said)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (["visitor"], "is no mapping"),
        (["visitor="], "is no mapping"),
        (["visitr=x"], "there is no 'visitr'; a column maps to one of visitor, user"),
        (["visitor=a", "visitor=b"], "visitor is mapped twice"),
    ],
)
def test_a_mapping_that_is_none_is_refused(pairs: list[str], message: str) -> None:
    with pytest.raises(FootfallError, match=message):
        parse_mapping(pairs)


def test_a_column_may_hold_an_equals_sign() -> None:
    assert parse_mapping(["visitor=a=b", " time = when "]) == {"visitor": "a=b", "time": "when"}


CELLS = st.text(alphabet='ab",;\n\r\t1\0é ', max_size=8) | st.sampled_from(["2024-03-13", '"', '""', ","])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=4).map(",".join), max_size=8), st.binary(max_size=6))
def test_every_line_belongs_to_one_row_and_none_raises(texts: list[str], tail: bytes) -> None:
    content = "\n".join(["who,when,x", "a,2024-03-13,1", *texts]).encode() + tail
    lines = list(read_lines(BytesIO(content)))
    read = list(CsvRows(plan(b"who,when,x\na,2024-03-13,1\n")).rows(lines))
    numbers = [number for row in read for number in range(row.number, row.number + row.lines)]
    assert numbers == [line.number for line in lines]


def test_a_real_file_of_purchases_is_read_as_it_is() -> None:
    path = DATA / "cdnow" / "CDNOW_master.txt"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    mapping = {"visitor": "customer_id", "time": "date", "value": "dollar_value"}
    read = events(path.read_bytes(), options(mapping))
    assert (len(read), len({event.visitor for event in read})) == (69_659, 23_570)
    assert sum(Decimal(repr(event.properties["value"])) for event in read) == Decimal("2500315.63")


def test_a_real_clickstream_is_read_as_it_is() -> None:
    path = DATA / "shop_clickstream" / "ecom.csv.gz"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    mapping = {"visitor": "user_id", "name": "event", "time": "timestamp"}
    read = events(gzip.decompress(path.read_bytes()), options(mapping, event=None))
    assert (len(read), len({event.visitor for event in read})) == (31_106, 600)
