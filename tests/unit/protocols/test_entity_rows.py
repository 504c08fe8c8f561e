"""Files of users, items and accounts: each row is a $set."""

from typing import Any

import pytest

from footfall.errors import FootfallError
from footfall.protocols.entity_rows import EntityRows, open_entities
from footfall.protocols.file_lines import Line
from footfall.protocols.imported_row import Heading, ImportedEvent, Unreadable

AS_OF = 1_769_817_600_000


def lines(text: str) -> list[Line]:
    return [Line(number, row.encode()) for number, row in enumerate(text.splitlines(), 1)]


def opened(text: str, **given: Any) -> EntityRows:
    return open_entities(lines(text), **{"entity_type": "item", "id_column": "sku", "as_of": AS_OF, **given})


def contents(text: str, **given: Any) -> list[object]:
    return [row.content for row in opened(text, **given).rows(lines(text))]


@pytest.mark.parametrize(
    ("text", "properties"),
    [
        ("sku,price,name\na1,10,Shoe", {"price": 10, "name": "Shoe"}),
        ('sku;name\na1;"Shoe; red"', {"name": "Shoe; red"}),
        ("sku,price,name\na1,,Shoe", {"name": "Shoe"}),
        ('{"sku": "a1", "tags": ["x", {"y": null}], "price": 1.50}', {"tags": ["x", {"y": None}], "price": 1.5}),
        ('\ufeff{"sku": "a1", "price": 2}', {"price": 2}),
    ],
)
def test_a_row_sets_its_columns_as_properties(text: str, properties: dict[str, Any]) -> None:
    event = contents(text)[-1]
    assert event == ImportedEvent(
        name="$set",
        level="high",
        time=AS_OF,
        visitor="item:a1",
        by_nobody=True,
        properties={**properties, "entityType": "item", "entityId": "a1"},
    )


def test_a_row_of_a_user_is_that_users_and_a_number_is_an_id_too() -> None:
    (event,) = contents('{"sku": 7}', entity_type="user")
    assert isinstance(event, ImportedEvent)
    assert (event.visitor, event.user, event.properties) == ("user:7", "7", {"entityType": "user", "entityId": "7"})


def test_a_column_of_the_protocols_own_name_is_kept_beside_it() -> None:
    event = contents("sku,entityType\na1,boot")[-1]
    assert isinstance(event, ImportedEvent)
    assert event.properties == {"entityType": "boot", "$entityType": "item", "entityId": "a1"}


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("sku,price\n,3", "the entity's id is empty"),
        ("sku,price\na1,3,4", "3 cells, and 2 columns"),
        ('{"sku": "a"}\n{"price": 3}', "sku is missing"),
        ('{"sku": "a"}\n{"sku": true}', "sku is no text and no whole number"),
        ('{"sku": "a"}\n[1]', "not a JSON object"),
        ('{"sku": "a"}\nnope', "not a JSON object"),
    ],
)
def test_a_row_without_an_entity_is_unreadable(text: str, detail: str) -> None:
    content = contents(text)[-1]
    assert isinstance(content, Unreadable)
    assert detail in content.detail


def test_the_first_line_of_a_delimited_file_names_the_columns() -> None:
    assert isinstance(contents("sku,price\na1,3")[0], Heading)


def test_what_changes_the_meaning_is_among_the_settings() -> None:
    text = "sku,ean\na1,1"
    variants: list[dict[str, Any]] = [{}, {"entity_type": "user"}, {"id_column": "ean"}, {"as_of": AS_OF + 1}]
    assert len({str(opened(text, **given).settings) for given in variants}) == len(variants)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"entity_type": "boat"}, "user, item, account"), ({"id_column": "ean"}, "no column 'ean'")],
)
def test_a_type_or_a_column_that_there_is_not_is_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(FootfallError, match=said):
        opened("sku,price\na1,3", **given)
