"""What a browser wants to be told before and after a page sends to another origin."""

from collections.abc import Mapping

from footfall.protocols.messages import Request

PREFLIGHT_HEADERS: Mapping[str, str] = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "authorization, content-type, content-encoding",
    "access-control-max-age": "86400",
}


def with_credentials(request: Request) -> dict[str, str]:
    """Headers for a client that sends cookies along: the browser then takes no `*`, but its own origin named."""
    origin = request.headers.get("origin", "")
    if not origin.isascii() or not origin.isprintable() or not origin:
        return {}
    return {"access-control-allow-origin": origin, "access-control-allow-credentials": "true", "vary": "origin"}
