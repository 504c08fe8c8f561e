"""The demo shop over HTTP: its pages, what they allow, and the key they send with."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import open_lake
from footfall.local.shop import tracker_files
from footfall.local.shop.pages import slug
from footfall.local.shop.site import ShopSite
from footfall.local.shop.write_key import shop_key
from footfall.local.simulator.shop import CATEGORIES, PRODUCTS
from footfall.local.site import SiteAnswer

NOW = 1_767_225_600_000
SCRIPT = b"console.log('tracker')"
PAGES = [
    "",
    "search?q=light",
    "cart",
    "checkout",
    "checkout/done",
    "guides",
    "planner",
    "planner/may",
    *(f"c/{category}" for category in CATEGORIES),
    *(f"p/{slug(product)}" for product in PRODUCTS),
]


@pytest.fixture
def site() -> ShopSite:
    return ShopSite("ffk_</script>", {"footfall.js": SCRIPT, "footfall.js.map": b"{}"})


def get(site: ShopSite, address: str, method: str = "GET") -> SiteAnswer:
    path, _, query = address.partition("?")
    answer = site.answer(method, path, query)
    assert answer is not None
    return answer


class _Elements(HTMLParser):
    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def values(self, tag: str, name: str) -> list[str]:
        return [value for found, attributes in self.found if found == tag and (value := attributes.get(name))]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_and_its_links_lead_to_pages_that_are_there(site: ShopSite, path: str) -> None:
    answer = get(site, f"/shop/{path}")
    assert answer.status == 200
    elements = _Elements(answer.body)
    links = [*elements.values("a", "href"), *elements.values("link", "href"), *elements.values("form", "action")]
    inside = [link.partition("#")[0] for link in links if link.startswith("/")]
    assert {link: get(site, link).status for link in inside if get(site, link).status != 200} == {}


def test_every_script_of_a_page_has_the_nonce_of_its_policy_and_no_page_has_that_of_another(site: ShopSite) -> None:
    nonces = set()
    for _ in range(2):
        answer = get(site, "/shop/")
        policy = answer.headers["content-security-policy"]
        (nonce,) = re.findall(r"'nonce-([^']+)'", policy)
        assert set(_Elements(answer.body).values("script", "nonce")) == {nonce}
        assert len(_Elements(answer.body).values("script", "nonce")) == answer.body.count(b"<script")
        nonces.add(nonce)
    assert len(nonces) == 2
    assert "unsafe" not in policy


def test_the_tracker_is_loaded_by_its_hash(site: ShopSite) -> None:
    digest = base64.b64encode(hashlib.sha384(SCRIPT).digest()).decode()
    assert _Elements(get(site, "/shop/").body).values("script", "integrity") == [f"sha384-{digest}"]
    assert get(site, "/footfall.js").body == SCRIPT


def test_the_tracker_names_its_source_map_in_a_header(site: ShopSite) -> None:
    assert get(site, "/footfall.js").headers["sourcemap"] == "/footfall.js.map"
    found = get(site, "/footfall.js.map")
    assert found.headers["content-type"] == "application/json"
    assert "sourcemap" not in found.headers


def test_nothing_that_stands_in_an_address_or_a_key_becomes_html(site: ShopSite) -> None:
    body = get(site, "/shop/search?q=%3Cimg+src%3Dx%3E").body
    assert b"<img" not in body
    assert b"&lt;img src=x&gt;" in body
    assert b"ffk_</script>" not in body


@pytest.mark.parametrize(
    "path",
    [
        "/shop/../shop.json",
        "/shop/..",
        "/shop//etc/passwd",
        "/shop/web/layout.html",
        "/shop/layout.html",
        "/shop/site.py",
        "/shop/p/..",
        "/shop/c/seeds/..",
        "/shop/\0",
        "/shop/search/../../x",
    ],
)
def test_a_path_that_names_no_page_is_answered_404_and_reads_no_file(site: ShopSite, path: str) -> None:
    answer = get(site, path)
    assert answer.status == 404
    assert b"Nothing grows here" in answer.body


@pytest.mark.parametrize("path", ["/", "/v1/events", "/v1/health", "/footfall-other.js", "/shopping", "/../shop.json"])
def test_other_paths_are_left_to_the_collector(site: ShopSite, path: str) -> None:
    assert site.answer("GET", path, "") is None


@pytest.mark.parametrize("query", ["", "q=", "q=basil&q=seeds", "&" * 500, "q=%ff", "q=" + "x" * 9_000])
def test_any_search_has_an_answer(site: ShopSite, query: str) -> None:
    assert get(site, f"/shop/search?{query}").status == 200


def test_a_page_is_only_read(site: ShopSite) -> None:
    assert get(site, "/shop/", "POST").status == 405
    assert get(site, "/shop/", "HEAD").status == 200


def test_the_shop_of_an_empty_lake_gets_a_tenant_and_keeps_its_key(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    key = shop_key(lake, NOW)
    assert key is not None
    found = TenantFile(lake.tenants).by_write_key(key, NOW)
    assert found is not None
    assert found.name == "shop"
    assert shop_key(lake, NOW) == key
    assert (lake.root / "shop.json").stat().st_mode & 0o077 == 0


def test_the_shop_makes_no_tenant_beside_those_that_there_are(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    TenantFile(lake.tenants).add("blog", NOW)
    assert shop_key(lake, NOW) is None
    assert [tenant.name for tenant in TenantFile(lake.tenants).all()] == ["blog"]


def test_a_key_that_has_ended_is_not_used(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    shop_key(lake, NOW)
    TenantFile(lake.tenants).rotate("shop", NOW, overlap_seconds=60)
    assert shop_key(lake, NOW + 61_000) is None


def test_a_record_that_cannot_be_read_is_said_in_one_line(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    (lake.root / "shop.json").write_text("{")
    with pytest.raises(FootfallError, match=r"shop\.json cannot be read: .*--shop-key") as caught:
        shop_key(lake, NOW)
    assert "\n" not in str(caught.value)


def test_a_tracker_that_is_not_built_is_said_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(FootfallError, match=r"the tracker is not built: .* Build it: make tracker"):
        tracker_files.read(tmp_path / "dist")


def test_what_was_built_is_read_by_name(tmp_path: Path) -> None:
    for name in ("footfall.js", "footfall.js.map", "footfall-core.js", "other.js", "integrity.json"):
        (tmp_path / name).write_text(name)
    assert tracker_files.read(tmp_path) == {
        name: name.encode() for name in ("footfall-core.js", "footfall.js", "footfall.js.map")
    }
