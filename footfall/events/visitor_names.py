"""The visitor that stands for someone who has no browser's id."""

import hashlib

MAX_VISITOR_LENGTH = 128


def named(kind: str, name: str) -> str:
    """The visitor that stands for someone, or something, who has no browser's id: `user:u-1`, `item:i-7`."""
    visitor = f"{kind}:{name}"
    if len(visitor) <= MAX_VISITOR_LENGTH:
        return visitor
    return f"{kind[:32]}:{hashlib.sha256(visitor.encode()).hexdigest()}"
