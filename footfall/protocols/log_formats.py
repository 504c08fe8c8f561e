"""The formats of access logs: each reads a line into a request, or says why it cannot."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol
from urllib.parse import unquote

from footfall.protocols.log_request import LogRequest
from footfall.protocols.time_formats import read_apache, read_iso


class LineFormatError(ValueError):
    """The line is none of the format; the message says what is missing, without the line's content."""


class LogFormat(Protocol):
    """Reads the lines of one file in order: a CloudFront log names its columns as it goes."""

    def read(self, line: str) -> LogRequest | None:
        """The line's request; None where it is a heading.

        Raises:
            LineFormatError: the line cannot be read.
        """


_QUOTED = r'"([^"\\]*(?:\\.[^"\\]*)*)"'
_COMMON = (
    r"(?:([A-Za-z0-9.-]+):[0-9]+ )?([^ ]+) [^ ]+ (.{1,256}?) "
    r"\[([0-9]{2}/[A-Za-z]{3}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4})\] "
    rf"{_QUOTED} ([0-9]{{3}}|-) ([0-9]{{1,18}}|-)"
)
# Many servers add fields of their own at the end; they are read over, but a quote must be closed there too.
_MORE = r'(?: (?:"[^"\\]*(?:\\.[^"\\]*)*"|[^" ]*))*'
_COMMON_LINE = re.compile(rf"{_COMMON} *")
_COMBINED_LINE = re.compile(rf"{_COMMON} {_QUOTED} {_QUOTED}{_MORE}")
_REQUEST = re.compile(r"([A-Za-z][A-Za-z_-]*) (.*?)(?: (HTTP/[0-9.]+))?", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}

_apache_time = lru_cache(maxsize=4_096)(read_apache)


class ApacheLog:
    """Apache's and nginx's `common` and `combined` formats, with or without `host:port` in front."""

    def __init__(self, *, combined: bool) -> None:
        self._line = _COMBINED_LINE if combined else _COMMON_LINE
        self._combined = combined

    def read(self, line: str) -> LogRequest | None:
        """The line's request. Raises LineFormatError."""
        match = self._line.fullmatch(line)
        if match is None:
            raise LineFormatError(self._what_is_wrong(line))
        host, address, user, time, request, status, size, *rest = match.groups()
        try:
            milliseconds = _apache_time(time)
        except ValueError:
            raise LineFormatError(f"no such time: {time}") from None
        method, target = split_request(unescape(request))
        return LogRequest(
            address=address,
            time=milliseconds,
            method=method,
            target=target,
            request="" if target else unescape(request),
            status=_number(status),
            bytes=_number(size) or 0,
            user=unescape(_present(user)),
            referrer=unescape(_present(rest[0])) if rest else "",
            user_agent=unescape(_present(rest[1])) if rest else "",
            host=host or "",
        )

    def _what_is_wrong(self, line: str) -> str:
        if len(re.findall(r'(?<!\\)"', line)) % 2:
            return "a quote is not closed"
        return f"not a line of the {'combined' if self._combined else 'common'} format"


class CloudFrontLog:
    """CloudFront's standard log: tab separated, its columns named by the line `#Fields:`."""

    def __init__(self) -> None:
        self._fields = {name: place for place, name in enumerate(_CLOUDFRONT_FIELDS)}

    def read(self, line: str) -> LogRequest | None:
        """The line's request; None for `#Version` and `#Fields`. Raises LineFormatError."""
        if line.startswith("#"):
            if line.startswith("#Fields:"):
                self._fields = {name: place for place, name in enumerate(line[8:].split())}
            return None
        cells = line.split("\t")
        missing = [name for name in _CLOUDFRONT_NEEDED if self._fields.get(name, len(cells)) >= len(cells)]
        if missing:
            raise LineFormatError(f"not a line of a CloudFront log: no {missing[0]}")

        def cell(name: str) -> str:
            place = self._fields.get(name, len(cells))
            return _present(cells[place]) if place < len(cells) else ""

        try:
            time = read_iso(f"{cell('date')} {cell('time')}Z")
        except ValueError:
            raise LineFormatError("no such time in date and time") from None
        query, path = cell("cs-uri-query"), cell("cs-uri-stem")
        return LogRequest(
            address=cell("c-ip"),
            time=time,
            method=cell("cs-method"),
            target=f"{path}?{query}" if query else path,
            status=_number(cell("sc-status")),
            bytes=_number(cell("sc-bytes")),
            duration_ms=_milliseconds(cell("time-taken")),
            referrer=cell("cs(Referer)"),
            user_agent=_percent_decoded(cell("cs(User-Agent)")),
            scheme=cell("cs-protocol"),
            host=cell("x-host-header") or cell("cs(Host)"),
        )


_CLOUDFRONT_NEEDED = ("date", "time", "c-ip", "cs-method", "cs-uri-stem", "sc-status")
_CLOUDFRONT_FIELDS = (
    *("date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status"),
    *("cs(Referer)", "cs(User-Agent)", "cs-uri-query", "cs(Cookie)", "x-edge-result-type", "x-edge-request-id"),
    *("x-host-header", "cs-protocol", "cs-bytes", "time-taken"),
)

_ALB_LINE = re.compile(
    r"(?:https?|h2|grpcs|wss?) ([^ ]+) [^ ]+ ([^ ]+) [^ ]+ ([0-9.]+|-1?) ([0-9.]+|-1?) ([0-9.]+|-1?) "
    rf"([0-9]{{3}}|-) [^ ]+ [0-9]+ ([0-9]{{1,18}}|-) {_QUOTED} {_QUOTED}"
    rf'(?: [^ ]+ [^ ]+ [^ ]+ "[^"]*" "[^"]*" "[^"]*" [^ ]+ ([^ "]+))?{_MORE}'
)


class LoadBalancerLog:
    """The log of an AWS application load balancer. It has no referrer."""

    def read(self, line: str) -> LogRequest | None:
        """The line's request. Raises LineFormatError."""
        match = _ALB_LINE.fullmatch(line)
        if match is None:
            raise LineFormatError("not a line of a load balancer's log, or a quote is not closed")
        answered, client, first, second, third, status, size, request, user_agent, created = match.groups()
        try:
            time = read_iso(created if _present(created or "") else answered)
        except ValueError:
            raise LineFormatError("no such time") from None
        durations = [_milliseconds(seconds) for seconds in (first, second, third)]
        method, target = split_request(unescape(request))
        return LogRequest(
            address=client.rpartition(":")[0].strip("[]") or client,
            time=time,
            method=method,
            target=target,
            request="" if target else unescape(request),
            status=_number(status),
            bytes=_number(size),
            duration_ms=None if None in durations else sum(duration or 0 for duration in durations),
            user_agent=unescape(_present(user_agent)),
        )


FORMATS: dict[str, Callable[[], LogFormat]] = {
    "combined": lambda: ApacheLog(combined=True),
    "common": lambda: ApacheLog(combined=False),
    "cloudfront": CloudFrontLog,
    "alb": LoadBalancerLog,
}


def split_request(request: str) -> tuple[str, str]:
    """The method and the target of a request line; both empty where it is none (`-`, or a handshake of TLS)."""
    match = _REQUEST.fullmatch(request)
    if match is None or not (match.group(2).startswith("/") or "://" in match.group(2)):
        return "", ""
    return match.group(1), match.group(2)


def unescape(text: str) -> str:
    r"""A quoted field without its escapes: `\"`, `\\`, and `\xHH` where the bytes are UTF-8 and no controls.

    What is not stays as the server wrote it.
    """
    if "\\" not in text:
        return text
    pieces: list[bytes] = []
    end = 0
    for match in _ESCAPE.finditer(text):
        pieces.append(text[end : match.start()].encode())
        end = match.end()
        code, character = match.groups()
        if code is None:
            pieces.append(_CONTROLS.get(character, character).encode())
        else:
            byte = int(code, 16)
            pieces.append(match.group().encode() if byte < 0x20 or byte == 0x7F else bytes((byte,)))
    pieces.append(text[end:].encode())
    return b"".join(pieces).decode("utf-8", "backslashreplace")


def _percent_decoded(text: str) -> str:
    """CloudFront encodes a user agent's spaces, older logs twice (`%2520`)."""
    if "%" not in text:
        return text
    decoded = unquote(text, errors="backslashreplace")
    return unquote(decoded, errors="backslashreplace") if "%20" in decoded else decoded


def _present(text: str) -> str:
    return "" if text == "-" else text


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 18 else None


def _milliseconds(seconds: str) -> int | None:
    try:
        milliseconds = round(float(seconds) * 1000)
    except (ValueError, OverflowError):
        return None
    return milliseconds if 0 <= milliseconds < 1 << 53 else None
