"""The shop's pages, written from its templates and what the simulated shop sells too."""

import json
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from string import Template
from urllib.parse import parse_qs

from footfall.local.simulator.shop import CATEGORIES, GUIDES, PRODUCTS, Product

ROOT = "/shop/"
_FEATURED = ("lights", "pots", "tools", "bulbs")


@dataclass(frozen=True)
class Page:
    """A page of the shop: its title, and the HTML between header and footer."""

    title: str
    main: str
    status: int = 200


def find(path: str, query: str) -> Page | None:
    """The page at a path below `/shop/`, or None.

    Args:
        path: without the root, such as `p/basil-seeds`.
        query: still encoded; only the search reads it.
    """
    kind, _, name = path.partition("/")
    if path == "":
        return _home()
    if kind == "c" and name in CATEGORIES:
        return _list(name)
    if kind == "p":
        return next((_product(product) for product in PRODUCTS if slug(product) == name), None)
    if path == "search":
        return _search(_words(query))
    if kind == "planner":
        return Page("Garden planner", _template("planner.html").substitute(root=ROOT))
    titles = {"cart": "Your basket", "checkout": "Checkout", "checkout/done": "Thank you", "guides": "Guides"}
    if path in titles:
        name = path.replace("/", "-") + ".html"
        return Page(titles[path], _template(name).substitute(root=ROOT, guides=_guides()))
    return None


def missing() -> Page:
    """The page for an address that the shop has not."""
    return Page("Nothing grows here", _template("missing.html").substitute(root=ROOT), 404)


def slug(product: Product) -> str:
    """A product's name in addresses."""
    return product.title.lower().replace(" ", "-")


def prices() -> str:
    """The price list, as CSV."""
    rows = [f"{product.item},{product.title},{product.category},{product.price:.2f}" for product in PRODUCTS]
    return "\r\n".join(["item,title,category,price_eur", *rows, ""])


def _home() -> Page:
    featured = [next(product for product in PRODUCTS if product.category == name) for name in _FEATURED]
    categories = "".join(
        f'<li><a href="{ROOT}c/{name}"><svg aria-hidden="true"><use href="#{name}"/></svg>{name.capitalize()}</a></li>'
        for name in CATEGORIES
    )
    return Page(
        "Everything for the garden",
        _template("home.html").substitute(root=ROOT, cards=_cards(featured, "featured"), categories=categories),
    )


def _list(category: str) -> Page:
    products = [product for product in PRODUCTS if product.category == category]
    written = _template("list.html").substitute(title=category.capitalize(), cards=_cards(products, category))
    return Page(category.capitalize(), written)


def _product(product: Product) -> Page:
    others = [other for other in PRODUCTS if other.category == product.category and other is not product][:3]
    values = {
        "item": product.item,
        "title": escape(product.title),
        "category": product.category,
        "heading": product.category.capitalize(),
        "price": f"{product.price:.2f}",
        "slug": slug(product),
        "picture": _picture(product),
        "cards": _cards(others, "also-like"),
    }
    return Page(product.title, _template("product.html").substitute(root=ROOT, **values))


def _search(words: str) -> Page:
    asked = words.lower().split()
    found = [product for product in PRODUCTS if asked and all(word in product.title.lower() for word in asked)]
    said = f"{len(found)} found" if found else "Nothing found. Try “basil”, “pot” or “light”."
    values = {"words": escape(words), "said": said, "cards": _cards(found, "search")}
    return Page("Search", _template("search.html").substitute(root=ROOT, **values))


def _words(query: str) -> str:
    """What was searched for; nothing where the query has a hundred fields and more."""
    try:
        return " ".join(parse_qs(query, max_num_fields=100).get("q", []))[:100]
    except ValueError:
        return ""


def _guides() -> str:
    return json.dumps([{"name": guide, "title": guide.replace("-", " ").capitalize()} for guide in GUIDES])


def _cards(products: list[Product], name: str) -> str:
    cards = [
        f'<li data-ff-item="{product.item}" data-ff-list="{name}" data-ff-position="{place}">'
        f'<a href="{ROOT}p/{slug(product)}">{_picture(product)}<b>{escape(product.title)}</b>'
        f"<span>€ {product.price:.2f}</span></a></li>"
        for place, product in enumerate(products, 1)
    ]
    return f'<ul class="cards">{"".join(cards)}</ul>' if cards else ""


def _picture(product: Product) -> str:
    hue = PRODUCTS.index(product) * 47 % 360
    return (
        f'<svg class="picture" viewBox="0 0 64 64" aria-hidden="true" color="hsl({hue} 38% 42%)">'
        f'<rect width="64" height="64" fill="hsl({hue} 45% 92%)"/><use href="#{product.category}"/></svg>'
    )


@cache
def _template(name: str) -> Template:
    return Template(resources.files("footfall.local.shop").joinpath("web", name).read_text(encoding="utf-8"))
