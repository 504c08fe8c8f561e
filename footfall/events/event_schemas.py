"""The JSON Schemas that a tenant has registered for its events' properties."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from footfall.errors import FootfallError
from footfall.events.tenants import EventSchema, SchemaMode, Tenant

if TYPE_CHECKING:
    from jsonschema_rs import Validator

MAX_SCHEMA_BYTES = 65_536
MAX_SCHEMAS = 100
_HIDDEN = "the value"


def add(tenant: Tenant, event: str, mode: SchemaMode, text: str) -> Tenant:
    """The tenant with a schema for an event's name, in place of the one it had.

    Raises:
        FootfallError: the text is no JSON Schema that can be used, or there are too many.
    """
    if not 1 <= len(event) <= 128:
        raise FootfallError(f"an event's name has 1 to 128 characters, not {len(event)}.")
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise FootfallError(f"the schema of {event!r} is not JSON: {error}.") from error
    # Written anew without spaces: it is kept in one line of the registry.
    text = msgspec.json.encode(document).decode()
    if len(text.encode()) > MAX_SCHEMA_BYTES:
        raise FootfallError(f"the schema of {event!r} is larger than {MAX_SCHEMA_BYTES} bytes.")
    _compiled(text, event)
    others = remove(tenant, event).schemas
    if len(others) >= MAX_SCHEMAS:
        raise FootfallError(f"the tenant {tenant.name} has {MAX_SCHEMAS} schemas already; remove one first.")
    schemas = sorted([*others, EventSchema(event, mode, text)], key=lambda schema: schema.event)
    return msgspec.structs.replace(tenant, schemas=tuple(schemas))


def remove(tenant: Tenant, event: str) -> Tenant:
    """The tenant without a schema for that name."""
    return msgspec.structs.replace(tenant, schemas=tuple(schema for schema in tenant.schemas if schema.event != event))


def find(schemas: Sequence[EventSchema], event: str) -> EventSchema | None:
    """The schema for an event's name, if there is one."""
    return next((schema for schema in schemas if schema.event == event), None)


def mismatch(schema: EventSchema, properties: dict[str, Any]) -> str:
    """What is wrong with properties, and where; empty where they match. It quotes no value: it may be personal.

    Raises:
        FootfallError: the schema cannot be used; `add` would have refused it.
    """
    validator = _compiled(schema.schema, schema.event)
    if validator.is_valid(properties):
        return ""
    error = next(iter(validator.iter_errors(properties)))
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path)
    return f"{error.message} - at `$.properties{place}`"


@lru_cache(maxsize=256)
def _compiled(text: str, event: str) -> "Validator":
    """The schema, compiled once.

    Nothing is fetched for it, and its patterns are of the kind that takes time linear in the text.
    """
    # Imported here: most tenants have no schema, and the collector is to start quickly.
    import jsonschema_rs

    try:
        document = msgspec.json.decode(text)
        validator = jsonschema_rs.validator_for(
            document, mask=_HIDDEN, offline=True, pattern_options=jsonschema_rs.RegexOptions()
        )
    except (ValueError, TypeError, RecursionError) as error:
        problem = str(error).partition("\n")[0]
        raise FootfallError(f"the schema of {event!r} cannot be used: {problem}. Mend it and add it again.") from error
    return validator
