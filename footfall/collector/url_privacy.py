"""What is kept of an address: its parameters by an allow-list, and no e-mail address anywhere in it.

Nothing becomes longer by it, so that what was within a limit stays within it. Every pattern here takes time linear in
the text, whatever the text is: it is the client's.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import unquote_plus

from footfall.events.tenants import DEFAULT_PARAMETERS

CLICK_IDS = (
    "gclid", "gbraid", "wbraid", "dclid", "msclkid", "fbclid", "ttclid", "twclid", "li_fat_id",
)  # fmt: skip
"""What advertisers' links carry: that a click was paid for, and which one it was."""

KEPT_BY_DEFAULT = ("utm_*", *CLICK_IDS, "page", "sort", "lang")
"""Parameters that tell of campaigns and pages, and not of people."""

MASK = "(mail)"
"""Stands for an e-mail address. As long as the shortest one, a@b.cd."""

Keeps = Callable[[str], bool]

_USER = re.compile(r"^((?:[A-Za-z][A-Za-z0-9+.-]*+:)?//)[^/?#]*@")
_PATH_PARAMETER = re.compile(r";[^/;=]*+=[^/;]*+")
_WORD = re.compile(r"""[^\s/?&=#:;,"'<>()|\\]++""")
_AT = re.compile(r"@|%(?:25)*40")
_DOMAIN = re.compile(r"[^\W_](?:\.|%(?:25)*2[Ee])[^\W\d_]{2}")
_URL_IN_TEXT = re.compile(r"(?:https?:)?//[^\s\"<>]++|\?[^\s\"<>]*+")
_URL_IN_JSON = re.compile(r"(?:https?:)?//[^\"\r\n]++|\?[^\"\r\n]*+")
_ESCAPED = re.compile(r"\\u00(2[36f]|3[df]|40)", re.IGNORECASE)


@lru_cache(maxsize=1_024)
def keeps(names: tuple[str, ...]) -> Keeps:
    """Whether a parameter's name is one of those: a name, or the beginning of one before a `*`. Case is ignored."""
    listed = {name.lower() for name in names}
    if DEFAULT_PARAMETERS in listed:
        listed = listed - {DEFAULT_PARAMETERS} | set(KEPT_BY_DEFAULT)
    exact = frozenset(name for name in listed if not name.endswith("*"))
    prefixes = tuple(name[:-1] for name in listed if name.endswith("*"))
    return lambda name: name in exact or name.startswith(prefixes)


def may_need_cleaning(text: bytes) -> bool:
    """Whether an address that stands in this text as it is may have anything to clean; False is certain."""
    # Looking for one byte after the other is many times as quick as a pattern for all of them.
    return b"?" in text or b"#" in text or b"@" in text or b";" in text or b"%" in text


def clean_url(url: str, keep: Keeps, *, anonymous: bool = False) -> str:
    """An address with the parameters that are kept, without a user, a session in its path, or an e-mail address.

    Args:
        url: the address, whole or not.
        keep: tells which parameters are kept; see `keeps`.
        anonymous: leave of a click's id only that there is one.
    """
    # Most addresses have nothing to clean. A look for each character is quicker than a pattern for all of them.
    if not ("?" in url or "#" in url or ";" in url or _holds_at(url)):
        return url
    rest, _, fragment = url.partition("#")
    path, _, query = rest.partition("?")
    if "@" in path:
        path = _USER.sub(r"\1", path)
    if ";" in path:
        path = _PATH_PARAMETER.sub("", path)
    path = mask_emails(path)
    query = _clean_query(query, keep, anonymous)
    fragment = _clean_fragment(fragment, keep, anonymous)
    return path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def clean_text(text: str, keep: Keeps, *, anonymous: bool = False) -> str:
    """A text with each address in it cleaned, and its e-mail addresses masked. An address ends at a space."""
    return _clean_text(text, _URL_IN_TEXT, keep, anonymous)


def clean_json_text(text: str, keep: Keeps) -> str:
    """The same of what should be JSON, whatever is wrong with it. An address ends at a quotation mark."""
    text = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text).replace("\\/", "/")
    return _clean_text(text, _URL_IN_JSON, keep, anonymous=False)


def _clean_text(text: str, pattern: re.Pattern[str], keep: Keeps, anonymous: bool) -> str:
    if "?" in text or "//" in text:
        text = pattern.sub(lambda match: clean_url(match.group(), keep, anonymous=anonymous), text)
    return mask_emails(text)


def mask_emails(text: str) -> str:
    """A text with what looks like an e-mail address masked; `%40` is an `@`."""
    return _WORD.sub(_masked, text) if _holds_at(text) else text


def _holds_at(text: str) -> bool:
    """Whether there is an `@`, written out or encoded."""
    return "@" in text or ("%" in text and _AT.search(text) is not None)


def _masked(word: re.Match[str]) -> str:
    text = word.group()
    at = _AT.search(text, 1)
    if at is None or _DOMAIN.search(text, at.end()) is None:
        return text
    return MASK


def _clean_query(query: str, keep: Keeps, anonymous: bool) -> str:
    if not query:
        return ""
    kept = []
    for parameter in query.split("&"):
        written, equals, value = parameter.partition("=")
        name = (unquote_plus(written) if "%" in written or "+" in written else written).lower()
        if keep(name):
            known = "1" if anonymous and value and name in CLICK_IDS else mask_emails(value)
            kept.append(f"{mask_emails(written)}{equals}{known}")
    return "&".join(kept)


def _clean_fragment(fragment: str, keep: Keeps, anonymous: bool) -> str:
    """Applications in one page have their path, and its query, in the fragment; sign-ins return tokens there."""
    if not fragment:
        return ""
    path, _, query = fragment.partition("?")
    path = _clean_query(path, keep, anonymous) if "=" in path else mask_emails(path)
    query = _clean_query(query, keep, anonymous)
    return path + (f"?{query}" if query else "")
