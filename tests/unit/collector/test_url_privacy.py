"""What is kept of addresses."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.collector.url_privacy import (
    CLICK_IDS,
    KEPT_BY_DEFAULT,
    clean_json_text,
    clean_text,
    clean_url,
    keeps,
    mask_emails,
)
from footfall.collector.value_privacy import IDENTIFYING, clean_value, may_hold_addresses
from footfall.etl.enrichment.pages import describe_pages

PRIVACY_PAGE = Path(__file__).resolve().parents[3] / "docs" / "privacy.md"
DEFAULT = keeps(("default",))
URL = "https://shop.example/shoes"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (URL, URL),
        ("", ""),
        (f"{URL}?", URL),
        (f"{URL}?utm_source=a&email=x&utm_campaign=b%20c", f"{URL}?utm_source=a&utm_campaign=b%20c"),
        (f"{URL}?q=my+illness&page=2", f"{URL}?page=2"),
        (f"{URL}?token=abc", URL),
        (f"{URL}?UTM_Source=a&gclid=Cj0", f"{URL}?UTM_Source=a&gclid=Cj0"),
        (f"{URL}?utm%5Fsource=a&%65mail=x", f"{URL}?utm%5Fsource=a"),
        (f"{URL}?a@b.example", URL),
        (f"{URL}?utm_source=joe@mail.example", f"{URL}?utm_source=(mail)"),
        (f"{URL}?utm_source=joe%40mail.example", f"{URL}?utm_source=(mail)"),
        (f"{URL}?utm_source=joe%2540mail%252Eexample", f"{URL}?utm_source=(mail)"),
        (f"{URL}#top", f"{URL}#top"),
        (f"{URL}#access_token=abc&utm_source=a", f"{URL}#utm_source=a"),
        (f"{URL}#/cart?step=2&utm_source=a", f"{URL}#/cart?utm_source=a"),
        (f"{URL}#joe@mail.example", f"{URL}#(mail)"),
        ("https://shop.example/reset/joe@mail.example/now", "https://shop.example/reset/(mail)/now"),
        ("https://joe:secret@shop.example/", "https://shop.example/"),
        ("//joe@shop.example/", "//shop.example/"),
        ("https://social.example/@joe", "https://social.example/@joe"),
        ("https://shop.example/a;jsessionid=12AB/b", "https://shop.example/a/b"),
        ("mailto:joe@mail.example?subject=x", "mailto:(mail)"),
        ("/relative?email=x", "/relative"),
        ("not an address at all", "not an address at all"),
    ],
)
def test_of_an_address_only_what_is_allowed_is_kept(url: str, kept: str) -> None:
    assert clean_url(url, DEFAULT) == kept


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ((), ""),
        (("*",), "?utm_source=a&q=b&sku=c"),
        (("q",), "?q=b"),
        (("default", "SK*"), "?utm_source=a&sku=c"),
    ],
)
def test_a_tenant_says_which_parameters_are_kept(names: tuple[str, ...], kept: str) -> None:
    assert clean_url(f"{URL}?utm_source=a&q=b&sku=c", keeps(names)) == URL + kept


def test_what_the_tables_read_of_an_address_is_kept() -> None:
    for click in CLICK_IDS:
        url = f"{URL}?utm_source=a&utm_medium=cpc&utm_campaign=c&{click}=1"
        assert clean_url(url, DEFAULT) == url
        assert describe_pages([clean_url(f"{URL}?{click}=1", DEFAULT)]) == describe_pages([f"{URL}?{click}=1"])


@pytest.mark.parametrize("name", [*KEPT_BY_DEFAULT, *sorted(IDENTIFYING)])
def test_what_is_kept_and_left_out_is_documented(name: str) -> None:
    assert f"`{name}`" in PRIVACY_PAGE.read_text("utf-8")


def test_of_an_anonymous_visitors_click_only_that_it_was_paid_for_is_kept() -> None:
    assert clean_url(f"{URL}?gclid=Cj0KCQ&utm_source=a", DEFAULT, anonymous=True) == f"{URL}?gclid=1&utm_source=a"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"see {URL}?token=x and more", f"see {URL} and more"),
        ("joe@mail.example wrote", "(mail) wrote"),
        ("what? nothing", "what nothing"),
    ],
)
def test_addresses_within_a_text_are_cleaned(text: str, kept: str) -> None:
    assert clean_text(text, DEFAULT) == kept


@pytest.mark.parametrize(
    "text",
    [
        '{"url": "https://a.example/?email=SECRET"}',
        '{"url": "https:\\/\\/a.example\\/?email=SECRET"}',
        '{"url": "https://a.example/?utm_source=a\\u0026email=SECRET"}',
        '{"url": "https://a.example/\\u003femail=SECRET"}',
        '{"url": "https://a.example/?q=a b&email=SECRET"}',
        '{"to": "SECRET@mail.example"',
        '{"to": "SECRET\\u0040mail.example"',
        '{"url": "https://a:SECRET@a.example/"}',
    ],
)
def test_text_that_was_rejected_is_cleaned_too(text: str) -> None:
    assert "SECRET" not in clean_json_text(text, DEFAULT)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"href": f"{URL}?token=x", "n": 1}, {"href": URL, "n": 1}),
        ({"a": [1, {"b": [f"{URL}?token=x", None]}]}, {"a": [1, {"b": [URL, None]}]}),
        ({"path": "/reset/joe@mail.example"}, {"path": "/reset/(mail)"}),
        ({"search": "?email=x&page=2"}, {"search": "?page=2"}),
        ({"href": "mailto:joe@mail.example"}, {"href": "mailto:(mail)"}),
        ({"href": f"{URL}?q=a b&email=x"}, {"href": URL}),
        ({"text": "why? a=b", "email": "joe@mail.example"}, {"text": "why? a=b", "email": "joe@mail.example"}),
    ],
)
def test_addresses_in_properties_are_cleaned_and_all_else_stays(value: Any, kept: Any) -> None:
    before = repr(value)
    assert clean_value(value, DEFAULT) == kept
    assert repr(value) == before


def test_properties_without_addresses_are_the_same_object() -> None:
    value = {"a": [1, {"b": "text"}], "c": None}
    assert clean_value(value, DEFAULT) is value


_TEXTS = st.lists(
    st.sampled_from(["a", "://", "/", "?", "mailto:", "MAILTO:", "=", "#", "@b.cd", "%40", ";b=c", " ", '"', "\\", "é"])
).map("".join)


@given(
    st.recursive(_TEXTS | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner), max_leaves=6)
)
def test_what_is_taken_to_hold_no_addresses_holds_none(value: Any) -> None:
    if not may_hold_addresses(json.dumps(value).encode()):
        assert clean_value(value, DEFAULT) == value


def test_of_an_anonymous_visitor_properties_that_name_it_go() -> None:
    value = {"userId": "u-1", "a": [{"Email": "x", "sku": "s"}], "note": "ask joe@mail.example", "value": 3}
    assert clean_value(value, DEFAULT, anonymous=True) == {"a": [{"sku": "s"}], "note": "ask (mail)", "value": 3}


_PIECES = st.lists(
    st.sampled_from(
        ["a", "@", "%40", "%25", "?", "&", "=", "#", ";", "/", "//", ":", ".", "com", "b.cd", "utm_", " ", "é"]
    )
).map("".join)


@given(_PIECES)
def test_nothing_becomes_longer_and_no_mail_address_is_left(text: str) -> None:
    for cleaned in (clean_url(text, keeps(("*",))), mask_emails(text), clean_url(text, DEFAULT)):
        assert len(cleaned) <= len(text)
        assert re.search(r"\w@\w+\.[a-z]{2}", cleaned) is None


@pytest.mark.parametrize(
    "piece",
    ["a", "@", "a@", "%40", "%25", "%", "?", "?a=", "&", "#", ";", ";a", ";=", "//", "http://", "a.b@", "\\/", "a%2E"],
)
def test_a_text_of_any_kind_takes_time_linear_in_its_length(piece: str) -> None:
    text = piece * (262_144 // len(piece))
    began = time.process_time()
    clean_url(text, DEFAULT)
    clean_text(text, DEFAULT)
    clean_json_text(text, DEFAULT)
    clean_url("a@" + text, DEFAULT)
    assert time.process_time() - began < 10
