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
from pyiceberg.utils.schema_conversion import AvroSchemaConversion

LiveEntries = list[tuple[ManifestFile, list[ManifestEntry]]]


class Manifests:
    """A snapshot's manifests, with their entries of files that have not left; nobody writes into these.

    Of each table those of the snapshot that was asked for last are kept: the next one has most of them too.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, dict[str, tuple[ManifestFile, list[ManifestEntry]]]]] = {}

    def of(self, location: str, snapshot: Snapshot, io: FileIO) -> LiveEntries:
        """The manifests of a snapshot of the table at that location.

        Args:
            location: the table's.
            snapshot: one of its snapshots.
            io: what its files are read by.
        """
        at, known = self._known.get(location, (None, {}))
        if at != snapshot.snapshot_id:
            named = listed(snapshot, io)
            known = {
                manifest.manifest_path: known.get(manifest.manifest_path) or (manifest, _live(manifest, io))
                for manifest in named
            }
            self._known[location] = (snapshot.snapshot_id, known)
        return list(known.values())


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
