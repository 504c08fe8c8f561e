"""What visitors browse with: a device, its screen, and the user agent that its browser sends."""

from dataclasses import dataclass

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)"
_IPAD = "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X)"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@dataclass(frozen=True)
class Device:
    """A kind (desktop, mobile, tablet or bot), a screen in CSS pixels, and a user agent."""

    kind: str
    width: int
    height: int
    user_agent: str


DEVICES = {
    "desktop": (
        Device("desktop", 1920, 1080, f"{_WINDOWS} {_WEBKIT} Chrome/126.0.0.0 Safari/537.36"),
        Device("desktop", 1536, 864, f"{_WINDOWS} {_WEBKIT} Chrome/125.0.0.0 Safari/537.36 Edg/125.0.0.0"),
        Device("desktop", 1440, 900, f"{_MAC} {_SAFARI} Version/17.5 Safari/605.1.15"),
        Device("desktop", 1680, 1050, f"{_MAC} {_WEBKIT} Chrome/126.0.0.0 Safari/537.36"),
        Device("desktop", 1920, 1080, "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"),
    ),
    "mobile": (
        Device("mobile", 412, 915, f"{_ANDROID} {_WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36"),
        Device("mobile", 393, 852, f"{_IPHONE} {_SAFARI} Version/17.5 Mobile/15E148 Safari/604.1"),
        Device("mobile", 390, 844, f"{_IPHONE} {_SAFARI} Version/17.4 Mobile/15E148 Safari/604.1"),
        Device("mobile", 384, 832, f"{_ANDROID} {_WEBKIT} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36"),
    ),
    "tablet": (Device("tablet", 820, 1180, f"{_IPAD} {_SAFARI} Version/16.6 Mobile/15E148 Safari/604.1"),),
}
CRAWLERS = (
    Device("bot", 412, 732, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
    Device("bot", 1024, 768, "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"),
    Device("bot", 1024, 768, "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"),
    Device("bot", 800, 600, f"Mozilla/5.0 {_WEBKIT}; compatible; GPTBot/1.2; +https://openai.com/gptbot"),
)
