"""A row's text as it may be stored beside the reason for its rejection."""

import re

from footfall.events.addresses import truncate_address

MAX_STORABLE_BYTES = 1 << 16
"""More of a row than this is never looked at for quarantine, which keeps 8 KiB."""

_IPV4 = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
_IPV6 = r"(?=[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:)[0-9A-Fa-f:.]+"
_ADDRESS = re.compile(rf"(?<![0-9A-Za-z.:])(?:{_IPV4}|{_IPV6})(?![0-9A-Za-z])")


def without_addresses(text: str) -> str:
    """The text with every IP address in it truncated."""
    return _ADDRESS.sub(lambda match: truncate_address(match.group()) or match.group(), text)
