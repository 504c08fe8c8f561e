"""What an alias event says: which id is given up for the event's user."""

import msgspec
import pyarrow as pa
from msgspec import Raw

from footfall.etl.enrichment.statements import take_field

_COLUMNS: dict[str, pa.DataType] = {"alias": pa.string(), "previous": pa.string()}
SCHEMA = pa.schema(_COLUMNS)

_decoder = msgspec.json.Decoder(dict[str, Raw])


def describe_aliases(aliases: list[str]) -> pa.Table:
    """The row of each alias, by SCHEMA; `previous` is NULL where it names none.

    Args:
        aliases: each the protocol and the event's properties, parted by one space.
    """
    return pa.table([pa.array(aliases, pa.string()), pa.array(map(_previous, aliases), pa.string())], schema=SCHEMA)


def _previous(alias: str) -> str | None:
    protocol, _, text = alias.partition(" ")
    return take_field(_decoder.decode(text), "previousId" if protocol == "segment" else "previous")
