"""Access logs: what becomes of each line, in each format."""

from itertools import chain
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from footfall.errors import FootfallError
from footfall.protocols.access_log import AccessLog, find_log_format
from footfall.protocols.file_lines import Line
from footfall.protocols.imported_row import Heading, ImportedEvent, Row, Unreadable
from footfall.protocols.log_formats import FORMATS, split_request, unescape
from footfall.protocols.log_request import is_page, page_url
from footfall.protocols.row_text import without_addresses

REAL_LOG = Path(__file__).parents[4] / "shared" / "data" / "web_server_log" / "apache_logs"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64)"
COMBINED = (
    '192.0.2.77 - anna [17/May/2015:10:05:03 +0200] "GET /a?b=c HTTP/1.1" 404 512 '
    f'"https://search.example/?q=x" "{BROWSER}"'
)
COMMON = '2001:db8:1:2::9 - - [17/May/2015:10:05:03 +0000] "GET /logo.png HTTP/1.0" 304 -'
CLOUDFRONT_FIELDS = (
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
    "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header "
    "cs-protocol cs-bytes time-taken"
)
CLOUDFRONT = (
    "2024-03-13\t10:21:14\tFRA2-C1\t2390\t192.0.2.77\tGET\td111.cloudfront.net\t/shop/\t200\thttps://a.example/\t"
    "Mozilla/5.0%20(X11;%2520Linux)\tpage=2\t-\tHit\tabc==\twww.example.com\thttps\t311\t0.042"
)
ALB = (
    "https 2024-03-13T10:21:14.500000Z app/lb/50dc 192.0.2.77:2817 10.0.0.1:80 0.001 0.040 0.002 200 200 34 366 "
    f'"GET https://www.example.com:443/cart HTTP/2.0" "{BROWSER}" ECDHE TLSv1.2 arn:aws:x "Root=1-58" '
    '"www.example.com" "arn:aws:cert" 0 2024-03-13T10:21:14.457000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"'
)


def rows(format_name: str, *lines: str | bytes, host: str = "", salt: str = "salt") -> list[Row]:
    encoded = [line.encode() if isinstance(line, str) else line for line in lines]
    return list(AccessLog(format_name, salt, host).rows(Line(number, text) for number, text in enumerate(encoded, 1)))


def event(format_name: str, *lines: str | bytes, host: str = "") -> ImportedEvent:
    content = rows(format_name, *lines, host=host)[-1].content
    assert isinstance(content, ImportedEvent), content
    return content


def problem(format_name: str, line: str | bytes) -> str:
    content = rows(format_name, line)[0].content
    assert isinstance(content, Unreadable), content
    return content.detail


def test_a_combined_line_is_an_event_with_all_that_it_says() -> None:
    read = event("combined", COMBINED, host="www.example.com")
    assert (read.name, read.level, read.time) == ("page_view", "mid", 1431849903000)
    assert read.properties == {"method": "GET", "status": 404, "bytes": 512}
    assert read.page is not None
    assert (read.page.url, read.page.referrer) == ("https://www.example.com/a?b=c", "https://search.example/?q=x")
    assert (read.user, read.ip, read.user_agent) == ("anna", "192.0.2.0", BROWSER)


def test_a_common_line_has_no_referrer_and_no_user_agent_and_its_dash_is_no_bytes() -> None:
    read = event("common", COMMON)
    assert (read.name, read.level, read.properties["bytes"]) == ("resource", "low", 0)
    assert (read.ip, read.user_agent) == ("2001:db8:1::", "")
    assert read.page is not None
    assert (read.page.url, read.page.referrer) == ("/logo.png", "")


def test_a_cloudfront_line_is_read_by_the_columns_that_its_file_names() -> None:
    read = event("cloudfront", "#Version: 1.0", CLOUDFRONT_FIELDS, CLOUDFRONT)
    assert (read.name, read.time) == ("page_view", 1710325274000)
    assert read.page is not None
    assert (read.page.url, read.page.referrer) == ("https://www.example.com/shop/?page=2", "https://a.example/")
    assert read.properties == {"method": "GET", "status": 200, "bytes": 2390, "duration_ms": 42}
    assert read.user_agent == "Mozilla/5.0 (X11; Linux)"


def test_cloudfront_columns_in_another_order_are_followed() -> None:
    read = event(
        "cloudfront",
        "#Fields: c-ip sc-status cs-uri-stem cs-method time date",
        "192.0.2.7\t200\t/x\tGET\t00:00:01\t1970-01-01",
    )
    assert (read.time, read.page and read.page.url) == (1000, "/x")


def test_headings_are_neither_events_nor_faults() -> None:
    assert [type(row.content) for row in rows("cloudfront", "#Version: 1.0", CLOUDFRONT_FIELDS)] == [Heading, Heading]


def test_a_load_balancers_line_counts_from_when_the_request_came() -> None:
    read = event("alb", ALB)
    assert (read.name, read.time) == ("page_view", 1710325274457)
    assert read.page is not None
    assert read.page.url == "https://www.example.com/cart"
    assert read.properties == {"method": "GET", "status": 200, "bytes": 366, "duration_ms": 43}
    assert read.ip == "192.0.2.0"


def test_a_line_of_virtual_hosts_names_its_host() -> None:
    read = event("combined", "shop.example.com:443 " + COMBINED, host="other.example.com")
    assert read.page is not None
    assert read.page.url == "https://shop.example.com/a?b=c"


def test_fields_that_a_server_adds_at_the_end_are_read_over() -> None:
    assert event("combined", COMBINED + ' "203.0.113.9, 10.0.0.1" 0.003').name == "page_view"


def test_the_same_address_and_user_agent_are_one_visitor_and_only_the_salt_tells_which() -> None:
    first, second = (row.content for row in rows("combined", COMBINED, COMBINED.replace("/a?", "/b?")))
    other_agent = event("combined", COMBINED.replace("X11", "Windows"))
    same_network = event("combined", COMBINED.replace("192.0.2.77", "192.0.2.78"))
    other_salt = rows("combined", COMBINED, salt="pepper")[0].content
    assert isinstance(first, ImportedEvent)
    assert isinstance(second, ImportedEvent)
    assert isinstance(other_salt, ImportedEvent)
    assert first.visitor == second.visitor
    assert len({first.visitor, other_agent.visitor, same_network.visitor, other_salt.visitor}) == 4
    assert len(first.visitor) == 32


@pytest.mark.parametrize(
    ("format_name", "line", "detail"),
    [
        ("combined", COMBINED[:-1], "a quote is not closed"),
        ("combined", COMMON, "not a line of the combined format"),
        ("common", COMBINED, "not a line of the common format"),
        ("combined", "", "the line is empty"),
        ("combined", "   ", "the line is empty"),
        ("combined", COMBINED.replace("17/May", "31/Feb"), "no such time: 31/Feb/2015:10:05:03 +0200"),
        ("combined", COMBINED.replace("10:05:03", "25:05:03"), "no such time: 17/May/2015:25:05:03 +0200"),
        ("cloudfront", CLOUDFRONT[:40], "not a line of a CloudFront log: no cs-method"),
        ("cloudfront", CLOUDFRONT.replace("10:21", "10-21"), "no such time in date and time"),
        ("alb", ALB[:-1], "not a line of a load balancer's log, or a quote is not closed"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(format_name: str, line: str, detail: str) -> None:
    assert problem(format_name, line) == detail


def test_a_line_above_a_mebibyte_is_unreadable() -> None:
    content = next(AccessLog("combined", "salt").rows([Line(1, COMBINED.encode(), too_long=True)])).content
    assert content == Unreadable("the line is longer than 1 MiB")


@pytest.mark.parametrize(
    ("method", "target", "page"),
    [
        ("GET", "/", True),
        ("HEAD", "/about", True),
        ("GET", "/index.html?x=1", True),
        ("GET", "/index.PHP", True),
        ("GET", "/cart.jsp;jsessionid=1.2", True),
        ("GET", "/release-1.2", True),
        ("GET", "/v1.2/notes/", True),
        ("GET", "/search?file=a.png", True),
        ("GET", "https://example.com", True),
        ("GET", "https://example.com/a.css", False),
        ("GET", "/style.css?v=3", False),
        ("GET", "/robots.txt", False),
        ("GET", "/archive.tar.gz", False),
        ("POST", "/", False),
        ("OPTIONS", "*", False),
        ("GET", "", False),
    ],
)
def test_a_page_is_a_get_or_head_of_a_path_without_an_assets_extension(method: str, target: str, page: bool) -> None:
    assert is_page(method, target) is page


@pytest.mark.parametrize(
    ("target", "scheme", "host", "url"),
    [
        ("/a?b", "", "h.example", "https://h.example/a?b"),
        ("/a", "http", "h.example", "http://h.example/a"),
        ("/a", "", "", "/a"),
        ("http://x.example:80/a:80", "", "h.example", "http://x.example/a:80"),
        ("https://x.example:443", "", "", "https://x.example"),
        ("https://x.example:8443/a", "", "", "https://x.example:8443/a"),
        ("", "", "h.example", ""),
    ],
)
def test_an_address_is_whole_where_the_host_is_known(target: str, scheme: str, host: str, url: str) -> None:
    assert page_url(target, scheme, host) == url


@pytest.mark.parametrize(
    ("request_line", "method", "target"),
    [
        ("GET /a b HTTP/1.1", "GET", "/a b"),
        ("GET /a", "GET", "/a"),
        ("-", "", ""),
        ("", "", ""),
        ("OPTIONS * HTTP/1.1", "", ""),
        ("\\x16\\x03\\x01", "", ""),
        ("- http://x.example:80- ", "", ""),
    ],
)
def test_a_request_line_is_split_where_it_is_one(request_line: str, method: str, target: str) -> None:
    assert split_request(request_line) == (method, target)


def test_a_request_that_is_none_of_http_is_a_resource_that_keeps_its_text() -> None:
    read = event("combined", COMBINED.replace("GET /a?b=c HTTP/1.1", r"\x16\x03\x01"))
    assert (read.name, read.properties["request"]) == ("resource", r"\x16\x03\x01")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"say \"hi\" \\o/", 'say "hi" \\o/'),
        (r"\xc3\xa9t\xc3\xa9", "été"),
        (r"\xe4\xe5", r"\xe4\xe5"),
        (r"\x22\x00\x1b", '"\\x00\\x1b'),
        ("plain", "plain"),
    ],
)
def test_escapes_of_a_server_are_undone_where_they_are_text(written: str, text: str) -> None:
    assert unescape(written) == text


def test_bytes_that_are_no_utf8_do_not_lose_the_line() -> None:
    assert (
        event("combined", COMBINED.encode().replace(b"X11", b"\xff11")).user_agent
        == r"Mozilla/5.0 (\xff11; Linux x86_64)"
    )


@pytest.mark.parametrize(
    ("text", "storable"),
    [
        ("46.118.127.106 - -", "46.118.127.0 - -"),
        ("[2001:db8:1:2::9]:443 10:05:03", "[2001:db8:1::]:443 10:05:03"),
        ("at 20/May/2015:12:05:17 version 1.2.3.4.5", "at 20/May/2015:12:05:17 version 1.2.3.0.5"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
    ],
)
def test_addresses_in_a_text_for_quarantine_are_truncated(text: str, storable: str) -> None:
    assert without_addresses(text) == storable


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([COMBINED, COMBINED[:-1], ""], "combined"),
        ([COMMON], "common"),
        (["#Version: 1.0", CLOUDFRONT_FIELDS, CLOUDFRONT], "cloudfront"),
        (["#Version: 1.0", CLOUDFRONT_FIELDS], "cloudfront"),
        ([ALB, ALB], "alb"),
    ],
)
def test_the_format_is_found_in_the_first_lines(lines: list[str], found: str) -> None:
    assert find_log_format(Line(number, line.encode()) for number, line in enumerate(lines, 1)) == found


def test_what_is_no_access_log_is_told_in_one_line() -> None:
    with pytest.raises(FootfallError, match="no known access log: combined, common, cloudfront, alb"):
        find_log_format([Line(1, b"a,b,c"), Line(2, b"1,2,3")])


@pytest.mark.parametrize("host", ["https://example.com", "a/b", "a b", "-x"])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(FootfallError, match="is no host"):
        AccessLog("combined", "salt", host)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(FootfallError, match="no access log format is named 'iis'"):
        AccessLog("iis", "salt")


PIECES = st.one_of(
    st.sampled_from(
        [*COMBINED.split(" "), *CLOUDFRONT.split("\t"), *ALB.split(" "), '"', "\\", "-", "[", "]", "\t", "\0"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=24), st.sampled_from([" ", "\t", ""]), st.binary(max_size=8))
@example([COMBINED[:-1]], " ", b"")
@example(["#Fields:", "c-ip"], " ", b"")
def test_no_line_of_text_or_bytes_is_lost_or_raises(pieces: list[str], separator: str, tail: bytes) -> None:
    line = separator.join(pieces).encode("utf-8", "replace") + tail
    for format_name in FORMATS:
        (row,) = rows(format_name, line)
        assert (row.bytes, row.number, row.lines) == (line, 1, 1)
        AccessLog(format_name, "salt").storable(line)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([("combined", COMBINED), ("common", COMMON), ("alb", ALB)]), st.data())
def test_a_damaged_line_is_an_event_or_a_reason(case: tuple[str, str], data: st.DataObject) -> None:
    format_name, line = case
    place = data.draw(st.integers(0, len(line)))
    damaged = line[:place] + data.draw(st.text(max_size=3)) + line[place + data.draw(st.integers(0, 5)) :]
    (row,) = rows(format_name, damaged.encode("utf-8", "replace"))
    assert isinstance(row.content, ImportedEvent | Unreadable)


def test_every_line_of_a_real_log_is_an_event_or_has_its_reason() -> None:
    if not REAL_LOG.exists():
        pytest.skip(f"{REAL_LOG} is missing")
    lines = REAL_LOG.read_bytes().splitlines()
    contents = [row.content for row in rows("combined", *lines)]
    unreadable = [number for number, content in enumerate(contents, 1) if isinstance(content, Unreadable)]
    assert len(contents) == 10_000
    assert unreadable == [8899]
    assert all(isinstance(content, ImportedEvent | Unreadable) for content in chain(contents))
