"""The lines of a file."""

from io import BytesIO

import pytest

from footfall.protocols.file_lines import MAX_LINE_BYTES, Line, read_lines


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\n", [b"a"]),
        (b"a\r\nb\n\nc", [b"a", b"b", b"", b"c"]),
        (b"a\rb\r\r\n", [b"a\rb\r"]),
        (b"\n\n", [b"", b""]),
    ],
)
def test_every_line_is_given_without_its_end(content: bytes, lines: list[bytes]) -> None:
    assert list(read_lines(BytesIO(content))) == [Line(number, text) for number, text in enumerate(lines, 1)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
@pytest.mark.parametrize(("excess", "too_long"), [(0, False), (1, True), (2, True), (200_000, True)])
def test_of_a_line_that_is_too_long_only_its_beginning_is_kept(end: bytes, excess: int, too_long: bool) -> None:
    content = b"x" * (MAX_LINE_BYTES + excess) + end
    following = [Line(2, b"after")] if end else []
    read = list(read_lines(BytesIO(content + (b"after" if end else b""))))
    assert read == [Line(1, b"x" * MAX_LINE_BYTES, too_long), *following]
