"""What may be stored of addresses, with urllib.parse and re: parameters by an allow-list, e-mail addresses masked."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus, urlsplit, urlunsplit

KEPT = {
    "gclid", "gbraid", "wbraid", "dclid", "msclkid", "fbclid", "ttclid", "twclid", "li_fat_id", "page", "sort", "lang",
}  # fmt: skip
MASK = "(mail)"

_MAIL = re.compile(r"[^\s/?&=#:;,@]+(?:@|%40)[^\s/?&=#:;,@]+\.[A-Za-z]{2,}")
_PATH_PARAMETER = re.compile(r";[^/;=]*=[^/;]*")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|/|\?.*=|mailto:", re.IGNORECASE)


@lru_cache(maxsize=4_096)
def clean_url(url: str) -> str:
    """An address without what is not on the list, without a user, and with e-mail addresses masked."""
    scheme, netloc, path, query, fragment = urlsplit(url)
    cleaned = urlunsplit(
        (
            scheme,
            netloc.rpartition("@")[2],
            _PATH_PARAMETER.sub("", path),
            _kept(query),
            _kept(fragment) if "=" in fragment else fragment,
        )
    )
    return _MAIL.sub(MASK, cleaned)


def clean_value(value: Any) -> Any:
    """A JSON value with the addresses in it cleaned."""
    if isinstance(value, str):
        return clean_url(value) if _URL.match(value) else value
    if isinstance(value, dict):
        return {name: clean_value(item) for name, item in value.items()}
    if isinstance(value, list):
        return [clean_value(item) for item in value]
    return value


def _kept(query: str) -> str:
    return "&".join(parameter for parameter in query.split("&") if _is_kept(parameter.partition("=")[0]))


def _is_kept(name: str) -> bool:
    name = unquote_plus(name).lower()
    return name in KEPT or name.startswith("utm_")
