"""The result of a part: a JSON file in build/soak, and a row of docs/soak.md."""

from pathlib import Path

import msgspec
from msgspec import Struct

from tests.soak.parts import PARTS, Found

REPOSITORY = Path(__file__).resolve().parents[2]
BUILD = REPOSITORY / "build" / "soak"
PAGE = REPOSITORY / "docs" / "soak.md"


class Result(Struct):
    """How a part ended. `seed` is the base seed; `commit` ends in `+` where there were changes beside it."""

    part: str
    seed: int
    commit: str
    cores: int
    workers: int
    seconds: float
    date: str
    found: Found

    @property
    def ok(self) -> bool:
        """Ours kept every promise, and the control did not: else the soak would see nothing."""
        return not self.found.wrong and not self.found.lost and self.found.control_lost > 0


def save(result: Result, folder: Path = BUILD) -> Path:
    """Write the part's file, in place of the one there was."""
    path = folder / f"{result.part}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    return path


def load(folder: Path = BUILD) -> list[Result]:
    """The results there are, in the order of the parts."""
    paths = (folder / f"{name}.json" for name in PARTS)
    return [msgspec.json.decode(path.read_bytes(), type=Result) for path in paths if path.exists()]


_HEAD = """# Soak

What was tried for longer than a test may take. `make soak` runs it, `make soak-page` writes this page from its results
in `build/soak`; [Development](development.md#soak) says what each part does and how one is run again.

Each part is done to a naive control too, which must fail: a soak in which the control loses nothing would see nothing.

| part | what | how many | seed | commit | cores | duration | lost by ours | lost by the control | result | date |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def page(results: list[Result]) -> str:
    """The text of docs/soak.md."""
    rows = "".join(f"{_row(result)}\n" for result in results)
    happened = "".join(f"\n`{result.part}`: {_counts(result.found.happened)}.\n" for result in results)
    return f"{_HEAD}{rows}\n## What happened in them\n{happened}"


def _row(result: Result) -> str:
    part, found = PARTS[result.part], result.found
    cells = (
        result.part,
        part.what,
        f"{found.tried:,}",
        str(result.seed),
        result.commit,
        str(result.cores),
        _duration(result.seconds),
        f"{found.lost:,} of {found.held:,} {part.held}",
        f"{found.control_lost:,} of {found.control_held:,} ({part.control}; {found.control_tried:,} tried)",
        "passed" if result.ok else f"failed: {len(found.wrong)}",
        result.date,
    )
    return f"| {' | '.join(cells)} |"


def _counts(happened: dict[str, int]) -> str:
    return ", ".join(f"{what} {count:,}" for what, count in sorted(happened.items())) or "nothing else is counted"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
