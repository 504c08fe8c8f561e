"""`tenants.toml` as text: `format = 1`, then a `[[tenant]]` table each, its settings plain and its keys hashed."""

import json
import tomllib
from collections.abc import Sequence

import msgspec

from footfall.errors import FootfallError
from footfall.events.tenants import EventSchema, Tenant, WriteKey

FORMAT = 1

_HEAD = """\
# The tenants of this lake. Settings may be changed here by hand; comments are lost when a key is added or rotated.
# `salt` keys the hashes of visitors: keep it secret, and never change it.
"""


def parse(text: str, place: str) -> tuple[Tenant, ...]:
    """The tenants of a text, by name.

    Raises:
        FootfallError: the text cannot be read; the message begins with `place`.
    """
    try:
        document = tomllib.loads(text)
        found = document.pop("format", None)
        if found != FORMAT:
            raise FootfallError(f"{place} has format {found}, and this version of footfall reads format {FORMAT}.")
        rows = document.pop("tenant", [])
        _refuse_unknown(document, (), place)
        tenants = msgspec.convert(rows, tuple[Tenant, ...])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise FootfallError(f"{place} cannot be read: {error}. Mend it by hand or restore it.") from error
    for row in rows:
        _refuse_unknown(row, Tenant.__struct_fields__, f"{place}, tenant {row['name']!r}")
        for key in row.get("keys", ()):
            _refuse_unknown(key, WriteKey.__struct_fields__, f"{place}, a key of tenant {row['name']!r}")
    names = [tenant.name for tenant in tenants]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise FootfallError(f"{place} has two tenants named {min(twice)!r}. Rename one or remove it.")
    return tuple(sorted(tenants, key=lambda tenant: tenant.name))


def render(tenants: Sequence[Tenant]) -> str:
    """The text of tenants, by name: `parse(render(x)) == x`."""
    blocks = [_block(tenant) for tenant in sorted(tenants, key=lambda tenant: tenant.name)]
    return "\n".join([f"format = {FORMAT}\n{_HEAD}", *blocks])


def _block(tenant: Tenant) -> str:
    settings = [f"{name} = {_value(getattr(tenant, name))}" for name in tenant.__struct_fields__ if name != "keys"]
    keys = [f"  {_key(key)}," for key in tenant.keys]
    return "\n".join(["[[tenant]]", *settings, "keys = [", *keys, "]"]) + "\n"


def _key(key: WriteKey) -> str:
    names = f", event_names = {_value(key.event_names)}" if key.event_names else ""
    return f"{{ sha256 = {_value(key.sha256)}, created_at = {key.created_at}, expires_at = {key.expires_at}{names} }}"


def _value(value: object) -> str:
    """TOML's basic string escapes are JSON's; only DEL must be escaped too, and nothing beyond ASCII need be."""
    if isinstance(value, EventSchema):
        return f"{{ {', '.join(f'{name} = {_value(getattr(value, name))}' for name in value.__struct_fields__)} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _refuse_unknown(table: dict[str, object], known: tuple[str, ...], place: str) -> None:
    for name in table:
        if name not in known:
            raise FootfallError(f"{place}: there is no setting {name!r}. Known are: {', '.join(known) or 'none here'}.")
