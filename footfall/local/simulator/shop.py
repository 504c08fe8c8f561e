"""The simulated shop: what it sells, and the addresses of its pages."""

from dataclasses import dataclass
from random import Random
from zlib import crc32

ORIGIN = "https://shop.example"
NAME = "Fernway"

_CATEGORIES = {
    "seeds": (("Basil", "Chard", "Cosmos", "Kale", "Poppy", "Radish", "Sweet pea", "Tomato"), "seeds", 2.4),
    "bulbs": (("Allium", "Crocus", "Dahlia", "Lily", "Narcissus", "Tulip"), "bulbs", 6.9),
    "tools": (("Border", "Bulb", "Copper", "Hand", "Long-handled", "Transplant"), "trowel", 19.0),
    "pots": (("Clay", "Glazed", "Hanging", "Long", "Zinc"), "pot", 14.5),
    "furniture": (("Acacia", "Folding", "Steel", "Teak"), "bench", 129.0),
    "lights": (("Lantern", "Path", "Solar", "String"), "light", 24.0),
}
GUIDES = ("sowing-calendar", "soil-explained", "choose-a-trowel", "balcony-garden", "water-less")
WORDS = ("basil", "bench", "clay pot", "gift", "lamp", "lily", "seeds", "teak", "tomato", "trowel", "tulip", "zinc")


@dataclass(frozen=True)
class Product:
    """Something for sale; the price is in cents of a euro."""

    item: str
    title: str
    category: str
    cents: int

    @property
    def price(self) -> float:
        """The price in euros."""
        return self.cents / 100


@dataclass(frozen=True)
class ShopPage:
    """A page of the shop: its kind (home, list, product, search, guide, cart, checkout, done), path and title."""

    kind: str
    path: str
    title: str
    product: Product | None = None

    @property
    def url(self) -> str:
        """The page's whole address."""
        return ORIGIN + self.path


def _products() -> tuple[Product, ...]:
    found = []
    for category, (kinds, noun, base) in _CATEGORIES.items():
        for place, kind in enumerate(kinds):
            item = f"{category[:2]}-{place + 1:02d}"
            found.append(Product(item, f"{kind} {noun}", category, round(base * 100 * (0.8 + 0.15 * place))))
    return tuple(found)


PRODUCTS = _products()
CATEGORIES = tuple(_CATEGORIES)
HOME = ShopPage("home", "/", f"{NAME}: everything for the garden")
CART = ShopPage("cart", "/cart", "Your basket")
CHECKOUT = ShopPage("checkout", "/checkout", "Checkout")
DONE = ShopPage("done", "/checkout/done", "Thank you")


def product_page(product: Product) -> ShopPage:
    """The page of one product."""
    slug = product.title.lower().replace(" ", "-")
    return ShopPage("product", f"/p/{slug}", f"{product.title} | {NAME}", product)


def list_page(category: str) -> ShopPage:
    """The page that lists a category."""
    return ShopPage("list", f"/c/{category}", f"{category.capitalize()} | {NAME}")


def search_page(words: str) -> ShopPage:
    """The page of a search's results."""
    return ShopPage("search", "/search?q=" + words.replace(" ", "+"), f"Results for {words}")


def guide_page(guide: str) -> ShopPage:
    """A page to read."""
    return ShopPage("guide", f"/guides/{guide}", guide.replace("-", " ").capitalize())


_POPULARITY = tuple(1 / (place + 3) for place in range(len(PRODUCTS)))
_BY_POPULARITY = tuple(sorted(PRODUCTS, key=lambda product: crc32(product.title.encode())))


def any_product(random: Random) -> Product:
    """A product, the popular ones more often (the n-th most popular as 1 / (n + 3))."""
    return random.choices(_BY_POPULARITY, _POPULARITY)[0]
