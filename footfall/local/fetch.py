"""Fetches the jars that this machine needs, before something waits for them. Run by `make setup`."""

import sys

from footfall.errors import FootfallError
from footfall.local.opensearch_install import install
from footfall.local.spark_jars import spark_jars


def main() -> int:
    """Fetch what is not there yet: OpenSearch, and what Spark needs above PySpark."""
    try:
        install(say)
        spark_jars(say)
    except FootfallError as error:
        say(f"footfall: {error}")
        return 1
    return 0


def say(line: str) -> None:
    """Tell of a step, on stderr."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
