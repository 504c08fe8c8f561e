"""Device, browser, operating system and bots, from the user agent."""

import crawleruseragents
import pyarrow as pa
import ua_parser

_SCHEMA_COLUMNS: dict[str, pa.DataType] = {
    "user_agent": pa.string(),
    "device": pa.string(),
    "browser": pa.string(),
    "os": pa.string(),
    "is_bot": pa.bool_(),
}
SCHEMA = pa.schema(_SCHEMA_COLUMNS)
_DESKTOP = frozenset({"Windows", "Mac OS X", "Linux", "Ubuntu", "Fedora", "Debian", "Chrome OS", "FreeBSD", "OpenBSD"})


def describe_user_agents(user_agents: list[str]) -> pa.Table:
    """The row of each user agent, by SCHEMA.

    Bots are what the kept list of crawlers names, and what ua-parser calls a spider; they have the device `bot`.
    """
    rows = [_describe(text) for text in user_agents]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _describe(text: str) -> dict[str, str | bool]:
    parsed = ua_parser.parse(text)
    browser = parsed.user_agent.family if parsed.user_agent else "Other"
    system = parsed.os.family if parsed.os else "Other"
    family = parsed.device.family if parsed.device else "Other"
    is_bot = family == "Spider" or crawleruseragents.is_crawler(text)
    return {
        "user_agent": text,
        "device": "bot" if is_bot else _device(text, system, family),
        "browser": browser,
        "os": system,
        "is_bot": is_bot,
    }


def _device(text: str, system: str, family: str) -> str:
    if family == "iPad" or "Tablet" in text:
        return "tablet"
    if system == "iOS" or family in ("iPhone", "iPod"):
        return "mobile"
    if system == "Android":
        # Android's own rule: a phone says Mobile, a tablet does not.
        return "mobile" if "Mobile" in text else "tablet"
    if system in _DESKTOP:
        return "desktop"
    return "mobile" if "Mobile" in text else "other"
