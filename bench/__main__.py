"""Run every figure, one after the other, and write them into docs/benchmarks.md. `make bench` calls it.

`python -m bench NAME ...` runs some of them: the rows of the others stay as they are.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "benchmarks.md"
# Of an hour and many gigabytes: measured when it is asked for by name.
ASIDE = frozenset({"etl_month"})
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def figures(folder: Path) -> list[str]:
    """The names of the figures: the modules of a folder."""
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def run(name: str, root: Path) -> tuple[list[dict[str, Any]], bool]:
    """The lines that a figure prints, and whether it met its goals. They go to stderr too, as they come."""
    command = [sys.executable, "-m", f"bench.{name}"]
    lines: list[dict[str, Any]] = []
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as bench:
        assert bench.stdout is not None
        for line in bench.stdout:
            print(line, end="", file=sys.stderr, flush=True)
            if line.startswith("{"):
                lines.append(json.loads(line))
    return lines, bench.returncode == 0


def rows(lines: list[dict[str, Any]]) -> str:
    """The lines as rows of a table of Markdown."""
    return "".join(
        f"| {line['bench']}: {line['figure']} | {line['ours']} {line['unit']} | {line['theirs']} {line['unit']} "
        f"| {line['ratio']} | {line['goal']} | {'yes' if line['ok'] else 'no'} |\n"
        for line in lines
    )


def replace_rows(page: str, name: str, written: str, names: list[str]) -> str:
    """The page with other rows of one bench, in the order of `names`; rows of benches that are no more are left out."""
    before, _, rest = page.partition(BEGIN)
    told, _, after = rest.partition(END)
    kept = dict.fromkeys(names, "")
    for row in told.splitlines(keepends=True):
        bench = row.removeprefix("| ").partition(":")[0]
        if row.startswith("| ") and bench in kept:
            kept[bench] += row
    kept[name] = written
    head = "| figure | ours | theirs | ratio | goal | met |\n|---|---|---|---|---|---|\n"
    return f"{before}{BEGIN}{head}{''.join(kept.values())}{END}{after}"


def main(root: Path = REPOSITORY, page: Path = PAGE, arguments: Sequence[str] = ()) -> int:
    """Run figures; 1 if a goal was missed or a figure failed. The page is written after each."""
    names = figures(root / "bench")
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, and write docs/benchmarks.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"by default all: {', '.join(names)}")
    asked: list[str] = parser.parse_args(arguments).names
    if unknown := set(asked) - set(names):
        parser.error(f"there is no bench {min(unknown)!r}: {', '.join(names)}")
    if not names:
        print("bench: there are no figures yet", file=sys.stderr)
        return 0
    met = True
    for name in asked or [name for name in names if name not in ASIDE]:
        print(f"bench: {name} ...", file=sys.stderr)
        found, ok = run(name, root)
        met = met and ok
        page.write_text(replace_rows(page.read_text("utf-8"), name, rows(found), names), "utf-8")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(arguments=sys.argv[1:]))
