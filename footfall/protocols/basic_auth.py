"""The user that an Authorization header names: write keys travel there, with no password."""

import base64
import binascii

from footfall.protocols.messages import Request


def basic_user(request: Request) -> str:
    """The user of HTTP Basic authentication; empty where there is none, or the header is damaged."""
    scheme, _, credentials = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(credentials.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""
