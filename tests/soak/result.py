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


def page(results: list[Result], before: str = "") -> str:
    """The text of docs/soak.md. Of a part without a result here, what the page before said stays."""
    told = {result.part: result for result in results}
    rows = {name: _row(result) for name, result in told.items()}
    happened = {name: f"`{name}`: {_counts(result.found.happened)}." for name, result in told.items()}
    for line in before.splitlines():
        for name in PARTS.keys() - told.keys():
            if line.startswith(f"| {name} |"):
                rows[name] = line
            elif line.startswith(f"`{name}`:"):
                happened[name] = line
    listed = "".join(f"{rows[name]}\n" for name in PARTS if name in rows)
    counted = "".join(f"\n{happened[name]}\n" for name in PARTS if name in happened)
    return f"{_HEAD}{listed}\n## What happened in them\n{counted}"


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
