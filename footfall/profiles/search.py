"""Reading profiles, of one tenant only: through that tenant's alias."""

from typing import Any

import msgspec
from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

from footfall.errors import FootfallError
from footfall.profiles.document import Profile, from_document
from footfall.profiles.index import alias


class ProfileSearch:
    """The profiles of a tenant."""

    def __init__(self, client: OpenSearch, tenant: str) -> None:
        self._client = client
        self._tenant = tenant

    def count(self) -> int:
        """How many there are.

        Raises:
            FootfallError: none were ever loaded (as each method here does).
        """
        try:
            return int(self._client.count(index=alias(self._tenant))["count"])
        except NotFoundError as error:
            raise self._not_loaded() from error

    def get(self, visitor: str) -> Profile | None:
        """The visitor's profile, or None."""
        # By a query, not GET /_doc/<id>: a visitor named ".." would be another address.
        found = self._search({"ids": {"values": [visitor]}}, size=1)
        return found[0] if found else None

    def of_user(self, user_id: str, size: int = 10) -> list[Profile]:
        """The profiles of the visitors that gave this user id, the last seen first."""
        return self._search(
            {"term": {"user_ids": user_id}}, size=size, sort=[{"last_seen": "desc"}, {"visitor": "asc"}]
        )

    def top(self, engine: str, size: int = 10) -> list[Profile]:
        """The profiles with an engine's highest scores, the highest first; bots are left out."""
        scored = {"nested": {"path": "scores", "query": {"term": {"scores.engine": engine}}}}
        by_score = {
            "scores.score": {
                "order": "desc",
                "nested": {"path": "scores", "filter": {"term": {"scores.engine": engine}}},
            }
        }
        query = {"bool": {"filter": [scored, {"term": {"is_bot": False}}]}}
        return self._search(query, size=size, sort=[by_score, {"visitor": "asc"}])

    def _search(self, query: dict[str, Any], *, size: int, sort: list[dict[str, Any]] | None = None) -> list[Profile]:
        mine = {"bool": {"filter": [{"term": {"tenant": self._tenant}}, query]}}
        body: dict[str, Any] = {"query": mine, "size": size}
        if sort:
            body["sort"] = sort
        try:
            answer = self._client.search(index=alias(self._tenant), body=body)
        except NotFoundError as error:
            raise self._not_loaded() from error
        try:
            return [from_document(hit["_source"]) for hit in answer["hits"]["hits"]]
        except msgspec.ValidationError as error:
            raise FootfallError(
                f"the profiles of {self._tenant} were loaded by another version of footfall ({error}). "
                "Run `footfall profiles load`."
            ) from error

    def _not_loaded(self) -> FootfallError:
        return FootfallError(
            f"no profiles of {self._tenant} are loaded. Run `footfall profiles load --tenant {self._tenant}`."
        )
