"""The `footfall` command: one file a verb."""

import importlib
import sys

import typer
import typer.exceptions

from footfall.errors import FootfallError

VERBS = (
    "up",
    "demo",
    "tenant",
    "import_",
    "tail",
    "events",
    "etl",
    "upkeep",
    "replay",
    "erase",
    "query",
    "train",
    "evaluate",
    "predict",
    "identities",
    "profiles",
    "reconcile",
    "health",
    "doctor",
)


def build() -> typer.Typer:
    """The command with all its verbs. Each verb's module adds itself by `register(app)`."""
    app = typer.Typer(
        name="footfall",
        help="A serverless data lake for browser events, on AWS or on this machine.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for verb in VERBS:
        importlib.import_module(f"footfall.cli.{verb}").register(app)
    return app


def main() -> None:
    """Run the command. What a user can mend is said in one line, and the exit code is 2."""
    try:
        sys.exit(build()(standalone_mode=False))
    except FootfallError as error:
        print(f"footfall: {error}", file=sys.stderr)
        sys.exit(2)
    except typer.Abort:
        print("footfall: stopped.", file=sys.stderr)
        sys.exit(130)
    except typer.exceptions.TyperException as error:
        print(f"footfall: {error.format_message()}", file=sys.stderr)
        sys.exit(error.exit_code)
