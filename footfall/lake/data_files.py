"""Rows into a table's data files."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, count
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.io import FileIO
from pyiceberg.io.pyarrow import (
    ParquetFormatModel,
    bin_pack_arrow_table,
    schema_to_pyarrow,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.partitioning import PartitionField, PartitionFieldValue, PartitionKey, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import TableProperties
from pyiceberg.table.locations import load_location_provider
from pyiceberg.table.metadata import TableMetadata

from footfall.lake.dictionaries import with_dictionaries_of, without_unused_texts
from footfall.lake.tables import Table

# Of texts that never repeat, higher levels make more bytes: they spend them on telling of matches that are chance.
_LEVEL_OF_IDS = 2


def write_data_files(
    metadata: TableMetadata,
    rows: pa.Table,
    io: FileIO,
    declared: Table | None = None,
    most_level: int | None = None,
) -> Iterator[DataFile]:
    """Write rows into new Parquet files, one or more a partition, in the order that they come in.

    PyIceberg's own writer makes an empty list of a list of structs that is NULL
    (https://github.com/apache/iceberg-python/issues/3833); here the rows are only cast.

    Args:
        metadata: the table's, whose schema has the columns of `rows`, in order.
        rows: the rows.
        io: where the files go.
        declared: how its files are written; of none, by the table's properties alone.
        most_level: how hard files are compressed at most; None: as declared.
    """
    parquet = ParquetFormatModel()
    schema = metadata.schema()
    arrow = schema_to_pyarrow(schema, include_field_ids=True)
    locations = load_location_provider(metadata.location, metadata.properties)
    target = int(
        metadata.properties.get(
            TableProperties.WRITE_TARGET_FILE_SIZE_BYTES, TableProperties.WRITE_TARGET_FILE_SIZE_BYTES_DEFAULT
        )
    )
    how = _encodings(declared.spread if declared is not None else (), arrow)
    # The file's own schema is all that readers need; Arrow's tells, besides, which texts came with a dictionary.
    how["store_schema"] = False
    if declared is not None:
        # A table that was made before its level was another has the old one in its properties.
        how["compression_level"] = _levels(declared, most_level, arrow)
    name = uuid.uuid4()
    number = count()
    for key, within in _partitions(metadata.spec(), schema, rows):
        for batches in chain.from_iterable(bin_pack_arrow_table(part, target) for part in _parts(within, declared)):
            # Of a key without fields it would make an empty folder's name, which is another path for the same file.
            where = key if key.field_values else None
            path = locations.new_data_location(f"00000-{next(number)}-{name}.parquet", where)
            output = io.new_output(path)
            writer = parquet.create_writer(output, schema, metadata.properties)
            writer._parquet_writer_kwargs |= how
            part = without_unused_texts(pa.Table.from_batches(batches).select(arrow.names))
            with writer:
                writer.write(part.cast(with_dictionaries_of(part.schema, arrow)))
            yield DataFile.from_args(
                content=DataFileContent.DATA,
                file_path=path,
                file_format=FileFormat.PARQUET,
                partition=key.partition,
                file_size_in_bytes=len(output),
                sort_order_id=None,
                spec_id=metadata.default_spec_id,
                equality_ids=None,
                key_metadata=None,
                **writer.result().to_serialized_dict(),
            )


def files_for(rows: int, declared: Table | None) -> int:
    """In how many files a partition's rows are written at least: up to sixteen, since more cost readers too much."""
    if declared is None or declared.rows_a_file is None:
        return 1
    return min(16, max(1, round(rows / declared.rows_a_file)))


def _parts(rows: pa.Table, declared: Table | None) -> Iterator[pa.Table]:
    """A partition's rows, of as many to a file as the table's declaration says, in order."""
    size = max(1, -(-rows.num_rows // files_for(rows.num_rows, declared)))
    return (rows.slice(begin, size) for begin in range(0, rows.num_rows, size))


def _partitions(spec: PartitionSpec, schema: Schema, rows: pa.Table) -> Iterator[tuple[PartitionKey, pa.Table]]:
    """The rows of each partition, in the order that they come in.

    PyIceberg's own copies every row twice; here rows that are all of one partition stay where they are.
    """
    columns: list[Any] = [
        field.transform.pyarrow_transform(schema.find_type(field.source_id))(rows.column(_name(schema, field)))  # type: ignore[arg-type]
        for field in spec.fields
    ]
    names = [str(place) for place in range(len(columns))]
    found = pa.table(columns, names).group_by(names).aggregate([]).to_pylist() if columns else [{}]
    for values in found:
        told = [PartitionFieldValue(field, values[name]) for field, name in zip(spec.fields, names, strict=True)]
        here = rows
        if len(found) > 1:
            is_here: Any = True
            for column, name in zip(columns, names, strict=True):
                value: Any = values[name]
                is_here = pc.and_(is_here, pc.is_null(column) if value is None else pc.equal(column, value))
            here = rows.filter(is_here)
        yield PartitionKey(field_values=told, partition_spec=spec, schema=schema), here


def _name(schema: Schema, field: PartitionField) -> str:
    name = schema.find_column_name(field.source_id)
    if name is None:
        raise ValueError(f"the partition field {field.name} is of no column")
    return name


def _encodings(spread: Collection[str], arrow: pa.Schema) -> dict[str, Any]:
    """What the Parquet writer is told of columns: which have a dictionary, and how the others are written.

    Iceberg's reader of Spark knows of columns without a dictionary only plain texts, and whole numbers as differences.
    """
    leaves = dict(_leaves(arrow))
    apart = {
        path: "PLAIN" if _is_text(kind) else "DELTA_BINARY_PACKED"
        for path, kind in leaves.items()
        if path.replace(".list.element", "") in spread
    }
    return {"column_encoding": apart, "use_dictionary": [path for path in leaves if path not in apart]}


def _levels(declared: Table, most: int | None, arrow: pa.Schema) -> dict[str, int]:
    """How hard each column is compressed."""
    level = min(declared.zstd_level, most or declared.zstd_level)
    return {
        path: min(level, _LEVEL_OF_IDS) if path in declared.spread and _is_text(kind) else level
        for path, kind in _leaves(arrow)
    }


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _leaves(fields: "Iterable[pa.Field[Any]]", above: str = "") -> Iterator[tuple[str, pa.DataType]]:
    """The columns of a Parquet file, by their paths, with their types."""
    for field in fields:
        path, kind = f"{above}{field.name}", field.type
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            path, kind = f"{path}.list.element", kind.value_type
        if pa.types.is_struct(kind):
            yield from _leaves(kind, f"{path}.")
        else:
            yield path, kind
