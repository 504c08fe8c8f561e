"""Which origins a pattern allows."""

import pytest

from footfall.events.origins import is_allowed


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://shop.example", True),
        ("HTTPS://SHOP.EXAMPLE", True),
        ("http://shop.example", False),
        ("https://shop.example:8443", False),
        ("https://evil-shop.example", False),
        ("https://shop.example.evil.example", False),
        ("https://a.blog.example", True),
        ("https://a.b.blog.example", True),
        ("https://blog.example", False),
        ("https://evilblog.example", False),
        ("http://a.blog.example", False),
        ("https://evil.example/.blog.example", False),
        ("http://localhost:3000", True),
        ("null", False),
        ("", False),
    ],
)
def test_an_origin_is_allowed_by_a_pattern_alone(origin: str, allowed: bool) -> None:
    patterns = ("https://shop.example", "https://*.blog.example", "http://localhost:3000")
    assert is_allowed(origin, patterns) == allowed
