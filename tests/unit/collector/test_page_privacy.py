"""What is kept of the pages of a request's events."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.collector.messages import Request
from footfall.collector.page_privacy import PageCleaner
from footfall.collector.policy import apply
from footfall.collector.url_privacy import clean_url, keeps
from footfall.collector.value_privacy import clean_value
from footfall.events import raw_line
from footfall.events.model import Page
from footfall.events.raw_line import RawEvent, RawLine
from footfall.events.tenants import Tenant

DEFAULT = keeps(("default",))
URL = "https://shop.example/shoes"


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        (Page(f"{URL}?token=x", f"{URL}?q=x", "Title"), Page(URL, URL, "Title")),
        (Page(URL, f"{URL}?q=x"), Page(URL, URL)),
        (Page(f"{URL}?q=x", ""), Page(URL, "")),
    ],
)
def test_both_addresses_of_a_page_are_cleaned(page: Page, kept: Page) -> None:
    assert PageCleaner(DEFAULT, anonymous=False).clean(page) == kept


def test_a_page_with_nothing_to_clean_is_the_same_object() -> None:
    page = Page(f"{URL}?utm_source=a", URL)
    assert PageCleaner(DEFAULT, anonymous=False).clean(page) is page


def test_of_an_anonymous_visitors_click_only_that_it_was_paid_for_is_kept() -> None:
    assert PageCleaner(DEFAULT, anonymous=True).clean(Page(f"{URL}?gclid=Cj0")).url == f"{URL}?gclid=1"


_PAGES = st.none() | st.builds(
    Page,
    url=st.sampled_from(["", URL, f"{URL}?token=x", f"{URL}?utm_source=a&token=x", "https://a:b@c.example/"]),
    referrer=st.sampled_from(["", URL, f"{URL}?token=x"]),
    title=st.sampled_from(["", "a", "b"]),
)
_PROPERTIES = st.dictionaries(
    st.sampled_from(["a", "b"]), st.sampled_from([1, "x", URL, f"{URL}?token=x", "/a?b=c", ["/a#b=c"]]), max_size=2
)


@given(st.lists(st.tuples(_PAGES, _PROPERTIES), max_size=6))
def test_each_event_of_a_request_is_cleaned_as_if_it_were_alone(
    told: Sequence[tuple[Page | None, dict[str, object]]],
) -> None:
    events = [
        RawEvent(index, f"e-{index}", "page_view", "mid", 1, properties, page)
        for index, (page, properties) in enumerate(told)
    ]
    line = RawLine(1, "r", "shop", 1, "native", "i", 0, events)
    tenant, request = Tenant("shop", "s"), Request("POST", "/v1/events", {}, b"")
    stored = apply(tenant, line, request).events
    assert apply(tenant, line, request, raw_line.encode(line)).events == stored
    assert [(event.id, event.page, event.properties) for event in stored] == [
        (event.id, _alone(event.page), clean_value(event.properties, DEFAULT)) for event in events
    ]


def _alone(page: Page | None) -> Page | None:
    if page is None:
        return None
    return Page(clean_url(page.url, DEFAULT), clean_url(page.referrer, DEFAULT), page.title)
