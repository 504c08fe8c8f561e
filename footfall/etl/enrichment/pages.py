"""The parts of a page's address, and what its campaign parameters say of the channel."""

from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa

from footfall.etl.enrichment.assistants import ASSISTANTS

_SCHEMA_COLUMNS: dict[str, pa.DataType] = {
    "page_url": pa.string(),
    "page_host": pa.string(),
    "site": pa.string(),
    "page_path": pa.string(),
    "utm_source": pa.string(),
    "utm_medium": pa.string(),
    "utm_campaign": pa.string(),
    "medium": pa.string(),
    "paid": pa.bool_(),
}
SCHEMA = pa.schema(_SCHEMA_COLUMNS)

# What advertisers' links carry: a click that was paid for. (fbclid is not here: Meta adds it to unpaid links too.)
_PAID_CLICK_IDS = frozenset({"gclid", "gbraid", "wbraid", "msclkid", "dclid", "ttclid", "twclid", "li_fat_id"})
_MEDIUMS = {
    "paid": "paid cpc ppc cpm cpv cpa paidsearch paid-search paidsocial paid-social display banner retargeting "
    "affiliate",
    "email": "email e-mail newsletter mail",
    "social": "social social-media social-network sm",
    "search": "organic organic-search search seo",
}
_MEDIUM = {word: medium for medium, words in _MEDIUMS.items() for word in words.split()}


def describe_pages(urls: list[str]) -> pa.Table:
    """The row of each page address, by SCHEMA.

    `medium` is what the campaign parameters say: email, social or search by utm_medium; ai where utm_source names an
    assistant (ChatGPT marks the links that it shows so); social by Meta's click id, which paid and unpaid links carry.
    `site` is the host without a leading `www.`.
    """
    return pa.Table.from_pylist([_describe(url) for url in urls], schema=SCHEMA)


def _describe(url: str) -> dict[str, str | bool | None]:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        parameters = dict(reversed(parse_qsl(parts.query, max_num_fields=1_000)))
    except ValueError:
        return {"page_url": url, "paid": False}
    medium = _medium(parameters)
    return {
        "page_url": url,
        "page_host": host or None,
        "site": host.removeprefix("www.") if host else None,
        "page_path": parts.path or "/",
        "utm_source": parameters.get("utm_source"),
        "utm_medium": parameters.get("utm_medium"),
        "utm_campaign": parameters.get("utm_campaign"),
        "medium": medium,
        "paid": medium == "paid" or not _PAID_CLICK_IDS.isdisjoint(parameters),
    }


def _medium(parameters: dict[str, str]) -> str | None:
    told = parameters.get("utm_medium", "").strip().lower().replace("_", "-").replace(" ", "-")
    if (medium := _MEDIUM.get(told)) is not None:
        return medium
    if parameters.get("utm_source", "").strip().lower() in ASSISTANTS:
        return "ai"
    return "social" if "fbclid" in parameters else None
