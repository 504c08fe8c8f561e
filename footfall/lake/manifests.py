"""What a table's manifests say of its data files: each is read once, and each schema of theirs is understood once.

PyIceberg parses the schema in each Avro file's header anew, which takes longer than the entries of most, and reads a
manifest three times for each commit.
"""

import json
from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from typing import Any

from pyiceberg.avro.decoder import new_decoder
from pyiceberg.avro.file import AvroFile
from pyiceberg.avro.reader import Reader
from pyiceberg.avro.resolver import resolve_reader
from pyiceberg.conversions import from_bytes
from pyiceberg.io import FileIO
from pyiceberg.manifest import (
    DEFAULT_READ_VERSION,
    MANIFEST_ENTRY_SCHEMAS,
    MANIFEST_LIST_FILE_SCHEMAS,
    DataFile,
    DataFileContent,
    FileFormat,
    ManifestContent,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
    PartitionFieldSummary,
    _inherit_from_manifest,
)
from pyiceberg.schema import Schema
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.typedef import StructProtocol
from pyiceberg.types import PrimitiveType
from pyiceberg.utils.schema_conversion import AvroSchemaConversion


class Manifests:
    """A snapshot's manifests, and their entries of files that have not left; nobody writes into these.

    Of each table those of the snapshot that was asked for last are kept: the next one has most of them too.
    """

    def __init__(self) -> None:
        self._listed: dict[str, tuple[int, list[ManifestFile]]] = {}
        self._entries: dict[str, dict[str, list[ManifestEntry]]] = {}

    def of(self, location: str, snapshot: Snapshot, io: FileIO) -> list[ManifestFile]:
        """The manifests of a snapshot of the table at that location that name a file which has not left.

        Args:
            location: the table's.
            snapshot: one of its snapshots.
            io: what its files are read by.
        """
        at, named = self._listed.get(location, (None, []))
        if at != snapshot.snapshot_id:
            named = [manifest for manifest in listed(snapshot, io) if holds_files(manifest)]
            known = self._entries.get(location, {})
            paths = {manifest.manifest_path for manifest in named}
            self._entries[location] = {path: entries for path, entries in known.items() if path in paths}
            self._listed[location] = (snapshot.snapshot_id, named)
        return list(named)

    def entries(self, location: str, manifest: ManifestFile, io: FileIO) -> list[ManifestEntry]:
        """The entries of one of these manifests, of files that have not left."""
        known = self._entries.setdefault(location, {})
        if manifest.manifest_path not in known:
            known[manifest.manifest_path] = _live(manifest, io)
        return known[manifest.manifest_path]


def holds_files(manifest: ManifestFile) -> bool:
    """Whether a manifest may name a file that has not left; a manifest list need not tell."""
    counts = (manifest.added_files_count, manifest.existing_files_count)
    return None in counts or counts != (0, 0)


def partition_ends(manifest: ManifestFile, place: int, kind: PrimitiveType) -> tuple[int, int] | None:
    """The least and the greatest value at a place of the partitions whose files a manifest names.

    Args:
        manifest: the manifest.
        place: of a field in its partition spec.
        kind: of what type the field's values are, kept as whole numbers.

    Returns:
        Both; None where it does not tell, or a file has no value there.
    """
    told = manifest.partitions[place] if manifest.partitions else None
    if told is None or told.contains_null or told.lower_bound is None or told.upper_bound is None:
        return None
    return int(from_bytes(kind, told.lower_bound)), int(from_bytes(kind, told.upper_bound))


class _Kind:
    """What the rows of a sort of Avro file are read as."""

    def __init__(
        self, schema: Schema, types: dict[int, Callable[..., StructProtocol]], enums: dict[int, Callable[..., Enum]]
    ) -> None:
        self.schema = schema
        self.types = types
        self.enums = enums


_LISTED = _Kind(
    MANIFEST_LIST_FILE_SCHEMAS[DEFAULT_READ_VERSION],
    {-1: ManifestFile, 508: PartitionFieldSummary},
    {517: ManifestContent},
)
_ENTRY = _Kind(
    MANIFEST_ENTRY_SCHEMAS[DEFAULT_READ_VERSION],
    {-1: ManifestEntry, 2: DataFile},
    {0: ManifestEntryStatus, 101: FileFormat, 134: DataFileContent},
)


class _KnownSchemas(AvroFile[Any]):
    """An Avro file whose schema is looked up by its text."""

    __slots__ = ("kind",)

    def __init__(self, io: FileIO, path: str, kind: _Kind) -> None:
        super().__init__(io.new_input(path), kind.schema, kind.types, kind.enums)
        self.kind = kind

    def __enter__(self) -> "_KnownSchemas":
        with self.input_file.open() as file:
            self.decoder = new_decoder(file.read())
        self.header = self._read_header()
        self.schema, self.reader = _understood(self.header.meta["avro.schema"], self.kind)
        return self


@lru_cache(maxsize=128)
def _understood(schema: str, kind: _Kind) -> tuple[Schema, Reader]:
    written = AvroSchemaConversion().avro_to_iceberg(json.loads(schema))
    return written, resolve_reader(written, kind.schema, kind.types, kind.enums)


def _read(io: FileIO, path: str, kind: _Kind) -> list[Any]:
    with _KnownSchemas(io, path, kind) as rows:
        return list(rows)


def listed(snapshot: Snapshot, io: FileIO) -> list[ManifestFile]:
    """A snapshot's manifests, as its list names them."""
    return _read(io, snapshot.manifest_list, _LISTED)


def live_paths(manifest: ManifestFile, io: FileIO) -> list[str]:
    """The paths of a manifest's files that have not left."""
    entries: list[ManifestEntry] = _read(io, manifest.manifest_path, _ENTRY)
    return [entry.data_file.file_path for entry in entries if entry.status != ManifestEntryStatus.DELETED]


def _live(manifest: ManifestFile, io: FileIO) -> list[ManifestEntry]:
    entries: list[ManifestEntry] = _read(io, manifest.manifest_path, _ENTRY)
    return [_inherit_from_manifest(entry, manifest) for entry in entries if entry.status != ManifestEntryStatus.DELETED]
