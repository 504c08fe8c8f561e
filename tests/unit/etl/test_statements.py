"""What an event says of an entity."""

import json

import pytest

from footfall.etl.enrichment.aliases import describe_aliases
from footfall.etl.enrichment.statements import describe_statements


def said(protocol: str, name: str, properties: dict[str, object]) -> list[tuple[object, ...]]:
    rows = describe_statements([f"{protocol} {name} {json.dumps(properties, separators=(',', ':'))}"]).to_pylist()
    return [(row["type"], row["entity"], row["operation"], row["property"], row["value"]) for row in rows]


@pytest.mark.parametrize(
    ("protocol", "name", "properties", "expected"),
    [
        ("native", "identify", {"plan": "pro"}, [("user", None, "set", "plan", '"pro"')]),
        ("native", "identify", {}, [("user", None, "set", None, None)]),
        ("native", "identify", {"context": 1}, [("user", None, "set", "context", "1")]),
        ("segment", "identify", {"plan": "pro", "context": {"ip": 1}}, [("user", None, "set", "plan", '"pro"')]),
        ("native", "group", {"group": "acme", "seats": 5}, [("account", "acme", "set", "seats", "5")]),
        ("segment", "group", {"groupId": 7, "group": "x"}, [("account", "7", "set", "group", '"x"')]),
        ("native", "group", {"seats": 5}, []),
        ("predictionio", "$set", {"entityType": "item", "entityId": "i", "n": [1.5, None]},
         [("item", "i", "set", "n", "[1.5,null]")]),
        ("predictionio", "$set", {"entityType": "a", "$entityType": "b", "entityId": "i"},
         [("b", "i", "set", "entityType", '"a"')]),
        ("predictionio", "$unset", {"entityType": "item", "entityId": "i", "n": None},
         [("item", "i", "unset", "n", None)]),
        ("predictionio", "$delete", {"entityType": "item", "entityId": "i", "n": 1},
         [("item", "i", "delete", None, None)]),
        ("predictionio", "$set", {"entityId": "i", "n": 1}, []),
        ("native", "$set", {"entityType": "item", "entityId": "i", "n": 1}, []),
        ("native", "click", {"entityType": "item", "entityId": "i", "n": 1}, []),
        ("native", "identify", {"a\nb": 1, 'q"\\': 2}, [("user", None, "set", 'q"\\', "2")]),
    ],
)  # fmt: skip
def test_a_statement_is_a_row_a_property(
    protocol: str, name: str, properties: dict[str, object], expected: list[tuple[object, ...]]
) -> None:
    assert said(protocol, name, properties) == expected


@pytest.mark.parametrize(
    ("alias", "previous"),
    [
        ('native {"previous":"a"}', "a"),
        ('native {"previousId":"a"}', None),
        ('segment {"previousId":"a","previous":"b"}', "a"),
        ('native {"previous":7}', "7"),
        ('native {"previous":true}', None),
        ('native {"previous":""}', None),
        ("native {}", None),
    ],
)
def test_an_alias_names_the_id_that_is_given_up(alias: str, previous: str | None) -> None:
    assert describe_aliases([alias]).to_pylist() == [{"alias": alias, "previous": previous}]
