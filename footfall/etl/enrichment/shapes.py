"""What a shape of properties says: each property's name and JSON type."""

import msgspec
import pyarrow as pa

_SCHEMA_COLUMNS: dict[str, pa.DataType] = {"shape": pa.string(), "property": pa.string(), "json_type": pa.string()}
SCHEMA = pa.schema(_SCHEMA_COLUMNS)
_decoder = msgspec.json.Decoder(dict[str, str])


def describe_shapes(shapes: list[str]) -> pa.Table:
    """A row for each property of each shape, by SCHEMA."""
    rows = [
        {"shape": shape, "property": name, "json_type": kind}
        for shape in shapes
        for name, kind in _decoder.decode(shape).items()
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)
