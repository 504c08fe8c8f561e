"""Erasing a person from what S3 keeps beside the lake: earlier versions of raw objects, and query results."""

from collections.abc import Iterator
from itertools import groupby

from footfall.lake.engines.port import Engine
from footfall.lake.raw_rows import lines_of
from footfall.lake.receipts import StoreLine
from footfall.lake.s3_objects import S3Objects
from footfall.lake.tombstones import Person


def erase_versions(engine: Engine, raw: S3Objects, person: Person) -> StoreLine:
    """Remove the earlier versions of raw objects and actions that hold the person; those of others stay.

    Args:
        engine: reads them, as many at once as it has executors.
        raw: the bucket's objects that raw and the actions lie among.
        person: whom to look for.
    """
    earlier = (version for version in raw.versions() if not version.is_now)
    versions = {key: [version.id for version in group] for key, group in groupby(earlier, lambda one: one.key)}

    def remove(key: str) -> int:
        held = [version for version in versions[key] if _holds(person, key, raw.read(key, version))]
        for version in held:
            raw.remove(key, version)
        return len(held)

    removed = sum(engine.each(remove, list(versions)))
    return StoreLine("done", {"versions": removed}) if removed else StoreLine("nothing held")


def erase_results(engine: Engine, results: S3Objects) -> StoreLine:
    """Remove all query results: any may hold something of a person with no id beside it, and can be asked for again."""
    removed = len(engine.each(results.remove, [found.key for found in results.listed()]))
    return StoreLine("done", {"objects": removed}) if removed else StoreLine("nothing held")


def _holds(person: Person, key: str, data: bytes) -> bool:
    return any(person.named_in("", text) for text in _texts(key, data))


def _texts(key: str, data: bytes) -> Iterator[bytes]:
    if not key.endswith(".gz"):
        return iter((data,))
    return (text for text, _ in lines_of(data))
