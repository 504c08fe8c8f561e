"""`footfall doctor`: what is missing on this machine, and how to get it."""

from pathlib import Path
from typing import Annotated

import typer

from footfall.cli.options import Json

LakeToExamine = Annotated[Path | None, typer.Option("--lake", help="A lake's folder, to be examined too.")]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("doctor", help=doctor.__doc__)(doctor)


def doctor(lake: LakeToExamine = None, as_json: Json = False) -> None:
    """Say what is missing on this machine, and how to get it. Exits with 1 if something is.

    Example: footfall doctor --lake ./lake
    """
    import json

    from footfall.local.installation import examine_installation, examine_lake
    from footfall.local.machine import examine

    needs = [*examine(Path.cwd()), *examine_installation(), *([examine_lake(lake)] if lake else [])]
    healthy = all(need.met for need in needs)
    if as_json:
        print(json.dumps({"healthy": healthy, "needs": [{**vars(need), "met": need.met} for need in needs]}))
    else:
        width = max(len(need.name) for need in needs)
        for need in needs:
            print(f"{'ok     ' if need.met else 'missing'}  {need.name:<{width}}  {need.found or '-'}")
            if not need.met:
                print(f"         needed for {need.purpose}; to get it: {need.remedy}")
    if not healthy:
        raise typer.Exit(1)
