"""A schema's TypeScript."""

from typing import Any

import pytest

from footfall.events.typescript import declarations


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "maxLength": 3}, "string"),
        ({"type": "integer"}, "number"),
        ({"type": "boolean"}, "boolean"),
        ({"enum": ["low", "mid"]}, '"low" | "mid"'),
        ({"$ref": "#/$defs/Page"}, "Page"),
        ({"anyOf": [{"$ref": "#/$defs/Page"}, {"type": "null"}]}, "Page | null"),
        ({"type": "array", "items": {"type": "integer"}}, "number[]"),
        ({"type": "object"}, "Record<string, unknown>"),
    ],
)
def test_a_field_has_the_type_that_the_schema_says(schema: dict[str, Any], expected: str) -> None:
    assert f"  field: {expected};\n" in declarations(_struct(schema, required=True))


def test_a_field_that_may_be_left_out_is_optional() -> None:
    assert "  field?: string;\n" in declarations(_struct({"type": "string"}, required=False))


def test_descriptions_become_comments_on_one_line() -> None:
    text = declarations(_struct({"type": "string", "description": "Its\n    name."}, required=True))
    assert "/** A thing. */\nexport interface Thing {\n  /** Its name. */\n" in text


def test_a_schema_that_is_not_understood_is_named() -> None:
    with pytest.raises(ValueError, match="no TypeScript is known for"):
        declarations(_struct({"type": "date"}, required=True))


def _struct(field: dict[str, Any], *, required: bool) -> dict[str, Any]:
    struct = {"description": "A thing.", "properties": {"field": field}, "required": ["field"] if required else []}
    return {"$defs": {"Thing": struct}}
