"""Access logs of web servers: every line is one event, `page_view` of a page or `resource` of anything else."""

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from footfall.errors import FootfallError
from footfall.events.addresses import truncate_address
from footfall.events.model import Page
from footfall.protocols.file_lines import Line
from footfall.protocols.imported_row import Heading, ImportedEvent, Row, Unreadable
from footfall.protocols.log_formats import FORMATS, LineFormatError, LogFormat
from footfall.protocols.log_request import LogRequest, is_page, page_url
from footfall.protocols.row_text import MAX_STORABLE_BYTES, without_addresses

KIND = "access-log"
MAX_USER_AGENT = 2_048
_SAMPLE_LINES = 100
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?|\[[0-9A-Fa-f:]+\](?::[0-9]{1,5})?")


class AccessLog:
    """The rows of one log, read once, in order."""

    kind = KIND

    def __init__(self, format_name: str, salt: str, host: str = "") -> None:
        """A reader, at the log's first line.

        Args:
            format_name: one of FORMATS.
            salt: the tenant's; it keys the hashes that stand for visitors.
            host: the site's host, for lines that name none.

        Raises:
            FootfallError: no such format, or the host is none.
        """
        self._format = open_format(format_name)
        self._host = check_host(host)
        self.settings: Mapping[str, object] = {"format": format_name, "host": host}

        @lru_cache(maxsize=16_384)
        def who(address: str, user_agent: str) -> tuple[str, str]:
            return hash_visitor(salt, address, user_agent), truncate_address(address)

        self._who = who

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        """A row for every line."""
        for line in lines:
            yield Row(line.bytes, line.number, 1, self._content(line))

    def storable(self, row: bytes) -> str:
        """The line as it may be kept in quarantine: its addresses are truncated like those of the events."""
        return without_addresses(decode(row[:MAX_STORABLE_BYTES]))

    def _content(self, line: Line) -> ImportedEvent | Unreadable | Heading:
        text = decode(line.bytes)
        try:
            if line.too_long:
                raise LineFormatError("the line is longer than 1 MiB")
            if not text.strip():
                raise LineFormatError("the line is empty")
            request = self._format.read(text)
        except LineFormatError as problem:
            return Unreadable(str(problem))
        return Heading() if request is None else self._event(request)

    def _event(self, request: LogRequest) -> ImportedEvent:
        visitor, network = self._who(request.address, request.user_agent)
        page = is_page(request.method, request.target)
        numbers = {
            "method": request.method or None,
            "status": request.status,
            "bytes": request.bytes,
            "duration_ms": request.duration_ms,
            "request": request.request or None,
        }
        url = page_url(request.target, request.scheme, request.host or self._host)
        return ImportedEvent(
            name="page_view" if page else "resource",
            level="mid" if page else "low",
            time=request.time,
            visitor=visitor,
            properties={name: value for name, value in numbers.items() if value is not None},
            page=Page(url=url, referrer=request.referrer) if url or request.referrer else None,
            user=request.user,
            ip=network,
            user_agent=request.user_agent[:MAX_USER_AGENT],
        )


def find_log_format(lines: Iterable[Line]) -> str:
    """The format that reads the most of the first lines; of several that read as many, the first in FORMATS.

    Raises:
        FootfallError: none reads any of them.
    """
    texts = [decode(line.bytes) for line, _ in zip(lines, range(_SAMPLE_LINES), strict=False)]
    fits = {name: _lines_read(make(), texts) for name, make in FORMATS.items()}
    best = max(FORMATS, key=fits.__getitem__)
    if not fits[best]:
        raise FootfallError(
            f"its first {len(texts)} lines are of no known access log: {', '.join(FORMATS)}. "
            "If it is one of these all the same, name it with --format."
        )
    return best


def open_format(name: str) -> LogFormat:
    """The format of that name. Raises FootfallError where there is none."""
    if name not in FORMATS:
        raise FootfallError(f"no access log format is named {name!r}: say auto, {', '.join(FORMATS)}.")
    return FORMATS[name]()


def check_host(host: str) -> str:
    """The host as it is, where it is one. Raises FootfallError."""
    if host and not _HOST.fullmatch(host):
        raise FootfallError(f"{host!r} is no host: say --host www.example.com, without https:// and path.")
    return host


def decode(line: bytes) -> str:
    r"""The line's text; bytes that are not UTF-8 stand as the servers themselves write them, `\xHH`."""
    return line.decode("utf-8", "backslashreplace")


def hash_visitor(salt: str, address: str, user_agent: str) -> str:
    """Who a request came from, as far as a log tells: a keyed hash, which only the tenant's salt can make again."""
    return hmac.new(salt.encode(), f"{address}\0{user_agent}".encode(), "sha256").hexdigest()[:32]


def _lines_read(log_format: LogFormat, texts: Iterable[str]) -> int:
    read = 0
    for text in texts:
        try:
            read += bool(text) and (log_format.read(text) is not None or text.startswith("#Fields:"))
        except LineFormatError:
            continue
    return read
