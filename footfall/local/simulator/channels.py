"""How a visit begins: its channel, as the referrer and the landing address show it."""

from random import Random

from footfall.local.simulator.shop import ShopPage

CHANNELS = ("paid", "email", "social", "search", "ai", "referral", "direct")

_REFERRERS = {
    "search": (
        "https://www.google.com/",
        "https://www.google.com/",
        "https://www.bing.com/",
        "https://duckduckgo.com/",
    ),
    "social": ("https://www.facebook.com/", "https://www.instagram.com/", "https://www.pinterest.com/"),
    "ai": ("https://chatgpt.com/", "https://www.perplexity.ai/", "https://gemini.google.com/"),
    "referral": ("https://allotment-notes.example/best-tools", "https://village-paper.example/garden"),
}
_CAMPAIGNS = {
    "paid": (
        ("google", "cpc", "spring-sowing", "https://www.google.com/"),
        ("bing", "cpc", "garden-furniture", "https://www.bing.com/"),
    ),
    "email": (
        ("newsletter", "email", "monthly-letter", ""),
        ("newsletter", "email", "back-in-stock", ""),
    ),
}


def arrive(random: Random, channel: str, page: ShopPage) -> tuple[str, str]:
    """The landing address and the referrer of a visit that comes by this channel."""
    if channel in _CAMPAIGNS:
        source, medium, campaign, referrer = random.choice(_CAMPAIGNS[channel])
        mark = "&" if "?" in page.url else "?"
        return f"{page.url}{mark}utm_source={source}&utm_medium={medium}&utm_campaign={campaign}", referrer
    if channel in _REFERRERS:
        return page.url, random.choice(_REFERRERS[channel])
    return page.url, ""
