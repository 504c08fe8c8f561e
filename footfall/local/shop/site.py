"""The demo shop and the tracker's files over HTTP: which path gives which bytes, with which headers."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from html import escape
from importlib import resources
from importlib.resources.abc import Traversable
from string import Template

from footfall.local.shop import pages
from footfall.local.shop.pages import ROOT, Page
from footfall.local.shop.tracker_files import SNIPPET
from footfall.local.site import SiteAnswer

_FILES = {"shop.css": "text/css; charset=utf-8", "shop.js": "text/javascript; charset=utf-8"}
_PRICES = "price-list.csv"
_SCRIPT = "footfall.js"
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {"x-content-type-options": "nosniff", "referrer-policy": "strict-origin-when-cross-origin"}


class ShopSite:
    """Answers for `/shop/` and for the tracker's files, `/footfall*.js`.

    Nothing is read from the disk by a name that a request gave: a request's path is looked up among the pages and files
    that there are. The pages carry a Content-Security-Policy with a nonce, and the tracker's hash (SRI).
    """

    def __init__(self, write_key: str, tracker: Mapping[str, bytes]) -> None:
        """Store the parts.

        Args:
            write_key: what the pages send with.
            tracker: the tracker's built scripts (and their maps) by name; `footfall.js` among them.
        """
        self._write_key = write_key
        self._tracker = dict(tracker)
        digest = hashlib.sha384(self._tracker[_SCRIPT]).digest()
        self._integrity = f"sha384-{base64.b64encode(digest).decode()}"
        web = resources.files("footfall.local.shop").joinpath("web")
        self._layout = Template(_text(web / "layout.html"))
        self._symbols = _text(web / "symbols.svg")
        self._files = {ROOT + name: (kind, (web / name).read_bytes()) for name, kind in _FILES.items()}
        self._files[ROOT + _PRICES] = ("text/csv; charset=utf-8", pages.prices().encode())

    def answer(self, method: str, path: str, query: str) -> SiteAnswer | None:
        """See `Site`."""
        found = self._find(path, query)
        if found is None or method in ("GET", "HEAD"):
            return found
        return SiteAnswer(405, b"Only GET.\n", {"content-type": "text/plain; charset=utf-8", "allow": "GET, HEAD"})

    def _find(self, path: str, query: str) -> SiteAnswer | None:
        script = self._tracker.get(path.removeprefix("/"))
        if script is not None:
            kind = "application/json" if path.endswith(".map") else "text/javascript; charset=utf-8"
            headers = {"content-type": kind, "access-control-allow-origin": "*", "cache-control": "no-cache"}
            if f"{path.removeprefix('/')}.map" in self._tracker:
                headers["sourcemap"] = f"{path}.map"
            return SiteAnswer(200, script, {**_ALWAYS, **headers})
        if path == ROOT.rstrip("/"):
            return SiteAnswer(308, b"", {"location": ROOT})
        if not path.startswith(ROOT):
            return None
        if path in self._files:
            kind, content = self._files[path]
            return SiteAnswer(200, content, {**_ALWAYS, "content-type": kind, "cache-control": "no-cache"})
        return self._page(pages.find(path.removeprefix(ROOT), query) or pages.missing())

    def _page(self, page: Page) -> SiteAnswer:
        nonce = secrets.token_urlsafe(16)
        text = self._layout.substitute(
            title=escape(page.title),
            root=ROOT,
            nonce=nonce,
            tracker=self._tracker_tags(nonce),
            symbols=self._symbols,
            main=page.main,
        )
        headers = {
            **_ALWAYS,
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": _POLICY.format(nonce=nonce),
            "cache-control": "no-cache",
        }
        return SiteAnswer(page.status, text.encode(), headers)

    def _tracker_tags(self, nonce: str) -> str:
        """What a site puts into its pages, with all that a strict Content-Security-Policy asks for."""
        settings = {"key": self._write_key, "url": "", "consent": "hold", "hash": True}
        # What stands in a script ends at "</", whatever JSON says.
        written = json.dumps(settings).replace("<", "\\u003c")
        return (
            f'<script nonce="{nonce}">{SNIPPET}ff("init",{written})</script>\n'
            f'<script nonce="{nonce}" src="/{_SCRIPT}" integrity="{self._integrity}" crossorigin="anonymous" async>'
            "</script>"
        )


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")
