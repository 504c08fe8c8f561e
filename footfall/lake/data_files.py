"""Rows into a table's data files."""

import itertools
import uuid
from collections.abc import Iterator

import pyarrow as pa
from pyiceberg.io import FileIO
from pyiceberg.io.pyarrow import (
    ParquetFormatModel,
    _determine_partitions,
    bin_pack_arrow_table,
    schema_to_pyarrow,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.table import TableProperties
from pyiceberg.table.locations import load_location_provider
from pyiceberg.table.metadata import TableMetadata


def write_data_files(metadata: TableMetadata, rows: pa.Table, io: FileIO) -> Iterator[DataFile]:
    """Write rows into new Parquet files, one or more a partition, in the order that they come in.

    PyIceberg's own writer makes an empty list of a list of structs that is NULL
    (https://github.com/apache/iceberg-python/issues/3833); here the rows are only cast.

    Args:
        metadata: the table's, whose schema has the columns of `rows`, in order.
        rows: the rows.
        io: where the files go.
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
    name = uuid.uuid4()
    number = itertools.count()
    for partition in _determine_partitions(metadata.spec(), schema, rows):
        for batches in bin_pack_arrow_table(partition.arrow_table_partition, target):
            path = locations.new_data_location(f"00000-{next(number)}-{name}.parquet", partition.partition_key)
            output = io.new_output(path)
            writer = parquet.create_writer(output, schema, metadata.properties)
            with writer:
                writer.write(pa.Table.from_batches(batches).select(arrow.names).cast(arrow))
            yield DataFile.from_args(
                content=DataFileContent.DATA,
                file_path=path,
                file_format=FileFormat.PARQUET,
                partition=partition.partition_key.partition,
                file_size_in_bytes=len(output),
                sort_order_id=None,
                spec_id=metadata.default_spec_id,
                equality_ids=None,
                key_metadata=None,
                **writer.result().to_serialized_dict(),
            )
