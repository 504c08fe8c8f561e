"""The index of profiles: its names, its mapping, its template."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

PREFIX = "footfall-profiles"

_KEYWORD = {"type": "keyword"}
_LONG = {"type": "long"}
_DATE = {"type": "date", "format": "strict_date_optional_time"}
_DOUBLE = {"type": "double"}
_INTEGER = {"type": "integer"}
# As in the lake: four decimals, held as whole numbers.
_MONEY = {"type": "scaled_float", "scaling_factor": 10_000}


def _strict(**fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"dynamic": "strict", "properties": fields}


# Each field of footfall.profiles.document.Profile, and no other: a document with an unknown field is refused.
MAPPINGS: dict[str, Any] = _strict(
    tenant=_KEYWORD,
    visitor=_KEYWORD,
    user_ids=_KEYWORD,
    person=_KEYWORD,
    as_of=_DATE,
    first_seen=_DATE,
    last_seen=_DATE,
    totals=_strict(
        active_days=_LONG,
        sessions=_LONG,
        page_views=_LONG,
        events=_LONG,
        engaged_ms=_LONG,
        conversions=_LONG,
        value=_MONEY,
    ),
    lifecycle=_KEYWORD,
    first_channel=_KEYWORD,
    device=_KEYWORD,
    is_bot={"type": "boolean"},
    rfm=_strict(
        recency_days=_LONG,
        frequency=_LONG,
        monetary=_MONEY,
        recency_score=_INTEGER,
        frequency_score=_INTEGER,
        monetary_score=_INTEGER,
    ),
    scores={
        # Nested, so that a query on one engine's score never meets another engine's percentile.
        "type": "nested",
        **_strict(
            engine=_KEYWORD,
            score=_DOUBLE,
            percentile=_DOUBLE,
            model_version=_KEYWORD,
            as_of=_DATE,
            reasons=_strict(
                feature=_KEYWORD,
                # A number, a text or a truth: kept to be shown, not searched.
                value={"type": "keyword", "index": False, "doc_values": False},
                contribution=_DOUBLE,
            ),
        ),
    },
)


def alias(tenant: str) -> str:
    """The name that a tenant's profiles are read by."""
    return f"{PREFIX}-{tenant}"


def index_name(tenant: str, build: str) -> str:
    """The index of one load.

    Args:
        tenant: the tenant's name, which holds no underscore.
        build: names the load, and holds an underscore but no hyphen: so no index of one tenant has the name of
            another tenant's index or alias (`shop` and `shop-1`).
    """
    if "_" not in build or "-" in build:
        raise ValueError(f"a build's name holds an underscore and no hyphen: {build!r}")
    return f"{PREFIX}-{tenant}-{build}"


def is_build_of(tenant: str, index: str) -> bool:
    """Whether the index is a build of this tenant."""
    before, hyphen, build = index.rpartition("-")
    return before == alias(tenant) and bool(hyphen) and "_" in build


def put_template(client: "OpenSearch", *, replicas: int = 0) -> None:
    """Put the index template that every index of profiles is made from.

    Args:
        client: the cluster.
        replicas: copies of each shard; 0 fits one node, more where there are more nodes.
    """
    settings = {"number_of_shards": 1, "number_of_replicas": replicas}
    client.indices.put_index_template(
        name=PREFIX,
        body={
            "index_patterns": [f"{PREFIX}-*"],
            "template": {"settings": settings, "mappings": MAPPINGS},
            "priority": 500,
            "version": 1,
        },
    )
