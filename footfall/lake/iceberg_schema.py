"""A declared table, as Iceberg writes it down: schema, partition and sort order."""

from collections.abc import Iterator
from itertools import count

from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table.sorting import SortField, SortOrder
from pyiceberg.transforms import IdentityTransform, parse_transform
from pyiceberg.types import (
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    IcebergType,
    IntegerType,
    ListType,
    LongType,
    NestedField,
    StringType,
    StructType,
    TimestampType,
)

from footfall.lake.column_types import Array, ColumnType, Scalar, parse
from footfall.lake.tables import Table

_TYPES: dict[str, IcebergType] = {
    "string": StringType(),
    "long": LongType(),
    "int": IntegerType(),
    "double": DoubleType(),
    "boolean": BooleanType(),
    "timestamp": TimestampType(),
    "date": DateType(),
    "decimal(18,4)": DecimalType(18, 4),
}
# Partition fields are numbered from 1000, as every writer of Iceberg does.
_FIRST_PARTITION_ID = 1000


def iceberg_schema(table: Table) -> Schema:
    """The Iceberg schema of a table that is new: its columns' field ids are places, from 1, and nested ones follow.

    A table that has evolved has other ids: they are its own, and stay with a column whatever becomes of its name.
    """
    nested = count(len(table.columns) + 1)
    fields = (
        NestedField(number, column.name, _iceberg(parse(column.type), nested), required=False, doc=column.doc)
        for number, column in enumerate(table.columns, start=1)
    )
    return Schema(*fields)


def _iceberg(kind: ColumnType, ids: Iterator[int]) -> IcebergType:
    if isinstance(kind, Scalar):
        return _TYPES[kind.name]
    if isinstance(kind, Array):
        number = next(ids)
        return ListType(number, _iceberg(kind.element, ids), element_required=False)
    numbers = [next(ids) for _ in kind.fields]
    return StructType(
        *(
            NestedField(number, name, _iceberg(field, ids), required=False)
            for number, (name, field) in zip(numbers, kind.fields, strict=True)
        )
    )


def partition_spec(table: Table) -> PartitionSpec:
    """The table's Iceberg partition spec."""
    schema = iceberg_schema(table)
    return PartitionSpec(
        *(
            PartitionField(
                source_id=schema.find_field(column).field_id,
                field_id=_FIRST_PARTITION_ID + number,
                transform=parse_transform(transform),
                name=column if transform == "identity" else f"{column}_{transform.split('[')[0]}",
            )
            for number, (column, transform) in enumerate(table.partition)
        )
    )


def sort_order(table: Table) -> SortOrder:
    """The table's Iceberg sort order, which Spark's writes keep to within a file."""
    schema = iceberg_schema(table)
    return SortOrder(
        *(SortField(schema.find_field(column).field_id, transform=IdentityTransform()) for column in table.sort)
    )
