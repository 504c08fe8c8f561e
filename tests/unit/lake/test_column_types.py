"""One text says a column's type, and every engine's schema follows from it."""

import duckdb
import pyarrow as pa
import pytest
from pyiceberg.io.pyarrow import schema_to_pyarrow

from footfall.lake.column_types import Array, Scalar, Struct, parse
from footfall.lake.iceberg_schema import iceberg_schema
from footfall.lake.schemas import arrow_schema, arrow_type, duckdb_type, spark_type
from footfall.lake.tables import TABLES, Table

ITEMS = "array<struct<item:string,value:decimal(18,4),tags:array<string>>>"


def test_a_nested_type_is_read_as_it_is_written() -> None:
    fields = (("item", Scalar("string")), ("value", Scalar("decimal(18,4)")), ("tags", Array(Scalar("string"))))
    assert parse(ITEMS) == Array(Struct(fields))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("text", "there is: string"),
        ("array<string", "ends within"),
        ("array<string>>", "goes on"),
        ("array<struct<item string>>", "without spaces"),
        ("struct<item,string>", "':' should be"),
        ("", "ends within"),
    ],
)
def test_what_is_no_type_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(text)


def test_each_engine_has_its_own_words() -> None:
    assert spark_type(ITEMS) == "ARRAY<STRUCT<item: STRING, value: DECIMAL(18,4), tags: ARRAY<STRING>>>"
    assert duckdb_type(ITEMS) == "STRUCT(item VARCHAR, value DECIMAL(18,4), tags VARCHAR[])[]"
    rows = duckdb.connect().execute(f"SELECT [{{'item': 'a', 'value': 1, 'tags': ['b']}}]::{duckdb_type(ITEMS)} AS x")
    assert rows.to_arrow_table().column("x").cast(arrow_type(ITEMS)).type == arrow_type(ITEMS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_iceberg_and_arrow_agree_on_every_declared_table(table: Table) -> None:
    found = schema_to_pyarrow(iceberg_schema(table), include_field_ids=False)
    plain = pa.schema([pa.field(field.name, _small(field.type)) for field in found])
    assert plain == arrow_schema(table)


def _small(kind: pa.DataType) -> pa.DataType:
    """Iceberg's texts may be large ones of Arrow; all else is to be the same."""
    if pa.types.is_large_string(kind):
        return pa.string()
    if isinstance(kind, pa.ListType | pa.LargeListType):
        return pa.list_(pa.field("element", _small(kind.value_type)))
    if isinstance(kind, pa.StructType):
        return pa.struct([pa.field(kind.field(n).name, _small(kind.field(n).type)) for n in range(kind.num_fields)])
    return kind
