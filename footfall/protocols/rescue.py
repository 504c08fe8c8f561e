"""Find the events of a batch whose text no JSON reader takes as a whole, so that only the bad ones are lost.

Real clients send such bodies: `JSON.stringify` writes half an emoji as a lone surrogate, Python's `json.dumps` writes
NaN. The events are told apart by their brackets and strings alone; each is then read, or rejected, by itself.
"""

import re

from msgspec import Raw

# A string that never ends is a token too, without its group: were it none, the search would begin again at each
# quote in it, and take time quadratic in the body.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(")?|[\[\]{},:]', re.DOTALL)


def split_events(body: bytes, field: bytes = b"events") -> tuple[bytes, list[Raw]] | None:
    """The body with its events blanked out (its length kept, so that places in it stay right), and each event's text.

    None where the brackets do not match up, or where there is not exactly one array named `field` in the outer object.
    """
    name = b'"' + field + b'"'
    depth = 0
    before: tuple[bytes, bytes] = (b"", b"")
    start = element = end = -1
    events: list[Raw] = []
    for match in _TOKEN.finditer(body):
        token = match.group()
        if token[:1] == b'"' and match.group(1) is None:
            return None
        if token in b"[{":
            depth += 1
            if depth == 2 and token == b"[" and before == (name, b":"):
                if start >= 0:
                    return None
                start = element = match.end()
        elif token in b"]}":
            depth -= 1
            if depth == 1 and start >= 0 and end < 0:
                end = match.start()
                if events or body[element:end].strip():
                    events.append(Raw(body[element:end].strip()))
        elif token == b"," and depth == 2 and start >= 0 and end < 0:
            events.append(Raw(body[element : match.start()].strip()))
            element = match.end()
        before = (before[1], token)
    if depth != 0 or end < 0:
        return None
    return body[:start] + b" " * (end - start) + body[end:], events
