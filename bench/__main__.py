"""Run every figure, one after the other, and write them into docs/benchmarks.md. `make bench` calls it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def figures(folder: Path) -> list[str]:
    """The names of the figures: the modules of a folder."""
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def run(name: str, root: Path) -> tuple[list[dict[str, Any]], bool]:
    """The lines that a figure prints, and whether it met its goals. Its progress goes to stderr."""
    command = [sys.executable, "-m", f"bench.{name}"]
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, text=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], done.returncode == 0


def table(lines: list[dict[str, Any]]) -> str:
    """The lines as a table of Markdown."""
    head = "| figure | ours | theirs | ratio | goal | met |\n|---|---|---|---|---|---|\n"
    return head + "".join(
        f"| {line['bench']}: {line['figure']} | {line['ours']} {line['unit']} | {line['theirs']} {line['unit']} "
        f"| {line['ratio']} | {line['goal']} | {'yes' if line['ok'] else 'no'} |\n"
        for line in lines
    )


def replace_table(page: str, written: str) -> str:
    """The page with another table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{written}{END}{rest.partition(END)[2]}"


def main(root: Path = REPOSITORY, page: Path = PAGE) -> int:
    """Run all figures; 1 if a goal was missed or a figure failed."""
    names = figures(root / "bench")
    if not names:
        print("bench: there are no figures yet", file=sys.stderr)
        return 0
    met, lines = True, []
    for name in names:
        print(f"bench: {name} ...", file=sys.stderr)
        found, ok = run(name, root)
        lines += found
        met = met and ok
    page.write_text(replace_table(page.read_text(), table(lines)))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
