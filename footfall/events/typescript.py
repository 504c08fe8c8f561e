"""The wire contract as TypeScript, written from its JSON Schema, for clients in the browser."""

import re
from typing import Any

_HEAD = "// Written by `python -m footfall.events.contract` from the structs of the wire: do not edit.\n"
_SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def declarations(schema: dict[str, Any]) -> str:
    """An interface for each struct in the schema's `$defs`.

    Args:
        schema: as msgspec writes it.

    Raises:
        ValueError: the schema says something that has no TypeScript here yet; the message has it.
    """
    interfaces = [_interface(name, struct) for name, struct in schema["$defs"].items()]
    return "\n".join([_HEAD, *interfaces])


def _interface(name: str, struct: dict[str, Any]) -> str:
    required = struct["required"]
    lines = [_comment(struct.get("description", ""), ""), f"export interface {name} {{\n"]
    for field, schema in struct["properties"].items():
        lines.append(_comment(_description(schema), "  "))
        lines.append(f"  {field}{'' if field in required else '?'}: {_type(schema)};\n")
    return "".join([*lines, "}\n"])


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix("#/$defs/")
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    if schema.get("type") == "array":
        return f"{_type(schema['items'])}[]"
    if schema.get("type") == "object" and "properties" not in schema:
        return "Record<string, unknown>"
    try:
        return _SIMPLE[schema["type"]]
    except KeyError:
        raise ValueError(f"no TypeScript is known for {schema}; add it to {__name__}") from None


def _description(schema: dict[str, Any]) -> str:
    """A field's own words, or those of what it may be beside null."""
    found: str = schema.get("description") or next(
        (one["description"] for one in schema.get("anyOf", ()) if "description" in one), ""
    )
    return found


def _comment(text: str, indent: str) -> str:
    paragraphs = [re.sub(r"\s+", " ", part).strip() for part in text.split("\n\n")]
    return f"{indent}/** {' '.join(paragraphs)} */\n" if text else ""
