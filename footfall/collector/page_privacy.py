"""What is kept of the pages of a request's events. Most of their addresses are the same few, again and again."""

import msgspec

from footfall.collector.url_privacy import Keeps, clean_url
from footfall.events.model import Page


class PageCleaner:
    """Cleans the addresses of pages, each once. One a request: what it remembers must not outlive the request."""

    def __init__(self, keep: Keeps, *, anonymous: bool) -> None:
        """Store the rules, as `clean_url` takes them."""
        self._keep = keep
        self._anonymous = anonymous
        self._urls = {"": ""}

    def clean(self, page: Page) -> Page:
        """The page with its addresses cleaned; the very same object where there was nothing to clean."""
        url, referrer = self._url(page.url), self._url(page.referrer)
        if url == page.url and referrer == page.referrer:
            return page
        return msgspec.structs.replace(page, url=url, referrer=referrer)

    def _url(self, url: str) -> str:
        cleaned = self._urls.get(url)
        if cleaned is None:
            cleaned = self._urls[url] = clean_url(url, self._keep, anonymous=self._anonymous)
        return cleaned
