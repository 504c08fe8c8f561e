"""Columns of texts that came as numbers and a dictionary: kept so until they are in a file."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# Of a dictionary of so many texts a row, or fewer, hardly any are in none of the rows.
_HARDLY_ANY_UNUSED = 1 / 8


def with_dictionaries_of(came: pa.Schema, schema: pa.Schema) -> pa.Schema:
    """A schema, but for the texts that came with a dictionary: these stay as they came."""
    fields = [
        field.with_type(came.field(field.name).type) if pa.types.is_dictionary(came.field(field.name).type) else field
        for field in schema
    ]
    return pa.schema(fields)


def without_unused_texts(rows: pa.Table) -> pa.Table:
    """The rows, with dictionaries of the texts that are in them: a file holds the whole dictionary."""
    for place, name in enumerate(rows.column_names):
        column = rows.column(place)
        if pa.types.is_dictionary(column.type):
            held: Any = column.combine_chunks()
            if len(held.dictionary) > _HARDLY_ANY_UNUSED * len(held):
                used = pc.unique(held.indices).drop_null()
                numbers: Any = pc.index_in(held.indices, used, skip_nulls=True)
                held = pa.DictionaryArray.from_arrays(numbers, held.dictionary.take(used))
                rows = rows.set_column(place, name, held)
    return rows
