"""The lines of a file, in bounded memory."""

from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

MAX_LINE_BYTES = 1 << 20
_SKIPPED_AT_ONCE = 1 << 16


class Line(Struct, frozen=True):
    """A line without its end (LF or CRLF), its number from 1. Of a line above MAX_LINE_BYTES only these are kept."""

    number: int
    bytes: bytes
    too_long: bool = False


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """Every line of a stream. A last line without an end is a line; nothing after the last end is none."""
    number = 0
    while text := stream.readline(MAX_LINE_BYTES + 2):
        number += 1
        if text.endswith(b"\n"):
            text = text[:-2] if text.endswith(b"\r\n") else text[:-1]
        elif len(text) > MAX_LINE_BYTES:
            _skip_line(stream)
        too_long = len(text) > MAX_LINE_BYTES
        yield Line(number, text[:MAX_LINE_BYTES] if too_long else text, too_long)


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(_SKIPPED_AT_ONCE)) and not rest.endswith(b"\n"):
        pass
