"""Where a visitor came from, by the address of the page before."""

from urllib.parse import urlsplit

import pyarrow as pa
from referer_parser import Referer

from footfall.etl.enrichment.assistants import ASSISTANTS

_SCHEMA_COLUMNS: dict[str, pa.DataType] = {
    "referrer": pa.string(),
    "referrer_host": pa.string(),
    "referrer_site": pa.string(),
    "kind": pa.string(),
}
SCHEMA = pa.schema(_SCHEMA_COLUMNS)


def describe_referrers(urls: list[str]) -> pa.Table:
    """The row of each referrer, by SCHEMA: `kind` is ai, search, social or email, or null where it is none of these."""
    return pa.Table.from_pylist([_describe(url) for url in urls], schema=SCHEMA)


def _describe(url: str) -> dict[str, str | None]:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host:
        return {"referrer": url}
    return {
        "referrer": url,
        "referrer_host": host,
        "referrer_site": host.removeprefix("www."),
        "kind": _kind(url, host),
    }


def _kind(url: str, host: str) -> str | None:
    if host in ASSISTANTS:
        return "ai"
    try:
        medium = Referer(url).medium
    except ValueError:
        return None
    return medium if medium in ("search", "social", "email") else None
