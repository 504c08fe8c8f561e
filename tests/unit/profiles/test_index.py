from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from footfall.profiles.document import Profile
from footfall.profiles.index import MAPPINGS, alias, index_name, is_build_of

BUILD = "20250102_030405_abcdef"


def _fields(described: inspect.Type) -> dict[str, Any] | None:
    """The names in a struct, by msgspec; None for what holds no names."""
    if isinstance(described, inspect.UnionType):
        return next(filter(None, map(_fields, described.types)), None)
    if isinstance(described, inspect.VarTupleType):
        return _fields(described.item_type)
    if isinstance(described, inspect.StructType):
        return {field.name: _fields(field.type) for field in described.fields}
    return None


def _mapped(mapping: Mapping[str, Any]) -> dict[str, Any] | None:
    if "properties" not in mapping:
        return None
    assert mapping["dynamic"] == "strict"
    return {name: _mapped(field) for name, field in mapping["properties"].items()}


def test_the_mapping_has_each_field_of_the_document_and_no_other() -> None:
    assert _mapped(MAPPINGS) == _fields(inspect.type_info(Profile))
    assert msgspec.json.encode(MAPPINGS)


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (index_name("shop", BUILD), True),
        (index_name("shop-1", BUILD), False),
        (index_name(f"shop-{BUILD.replace('_', '')}", BUILD), False),
        (alias("shop"), False),
        (alias("shop-1"), False),
        (f"footfall-events-shop-{BUILD}", False),
    ],
)
def test_an_index_is_told_from_those_of_a_tenant_with_a_like_name(index: str, expected: bool) -> None:
    assert is_build_of("shop", index) is expected


@pytest.mark.parametrize("build", ["20250102", "2025_01-02", ""])
def test_a_build_that_could_be_part_of_a_tenants_name_is_refused(build: str) -> None:
    with pytest.raises(ValueError, match="underscore"):
        index_name("shop", build)
