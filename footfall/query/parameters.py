"""Typed parameters of saved queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from footfall.errors import FootfallError

TYPES = ("varchar", "bigint", "double", "decimal", "boolean", "date", "timestamp")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a saved query: `default` is text as `--param` would give it, or None if it must be given."""

    name: str
    type: str
    default: str | None
    meaning: str

    def read(self, text: str) -> object:
        """The value that the text stands for.

        Raises:
            FootfallError: it is no value of the parameter's type.
        """
        try:
            return _read(self.type, text)
        except (ValueError, InvalidOperation) as error:
            raise FootfallError(
                f"--param {self.name}={text} is no {self.type}: give {_EXAMPLES[self.type]}."
            ) from error


_EXAMPLES = {
    "varchar": "text",
    "bigint": "a whole number, such as 10",
    "double": "a number, such as 0.5",
    "decimal": "a number, such as 9.99",
    "boolean": "true or false",
    "date": "a day, such as 2026-01-31",
    "timestamp": "a UTC time, such as '2026-01-31 12:00:00'",
}


def _read(kind: str, text: str) -> object:
    match kind:
        case "bigint":
            return int(text)
        case "double":
            return float(text)
        case "decimal":
            return Decimal(text)
        case "boolean":
            return {"true": True, "false": False}.get(text.lower()) if text.lower() in ("true", "false") else int("")
        case "date":
            return date.fromisoformat(text)
        case "timestamp":
            return _utc(datetime.fromisoformat(text))
    return text


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def pairs(texts: Iterable[str]) -> dict[str, str]:
    """What was given by `--param name=value`, by name.

    Raises:
        FootfallError: one has no `=`, or a name comes twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise FootfallError(f"--param {text} has no value: write --param name=value.")
        if name in found:
            raise FootfallError(f"--param {name} is given twice.")
        found[name] = value
    return found


def bind(declared: Iterable[Parameter], given: dict[str, str], query: str) -> dict[str, object]:
    """The values of a saved query's parameters, defaults filled in.

    Raises:
        FootfallError: one is missing, unknown, or not of its type.
    """
    known = {parameter.name: parameter for parameter in declared}
    for name in given:
        if name not in known:
            raise FootfallError(f"{query} has no parameter {name!r}; it has: {', '.join(known) or 'none'}.")
    values: dict[str, object] = {}
    for name, parameter in known.items():
        text = given.get(name, parameter.default)
        if text is None:
            raise FootfallError(f"{query} needs --param {name}={parameter.type.upper()}: {parameter.meaning}")
        values[name] = parameter.read(text)
    return values


def guess(text: str) -> object:
    """The value of a parameter that no header types: a whole number, a number, a day, a time, else text."""
    for kind in ("bigint", "decimal", "date", "timestamp", "boolean"):
        try:
            return _read(kind, text)
        except (ValueError, InvalidOperation):
            continue
    return text
