"""Where a laptop keeps what is fetched once: jars, the OpenSearch node and its data."""

import os
from pathlib import Path


def local_home() -> Path:
    """The folder: `$FOOTFALL_HOME`, else `.local` in the source tree, else (an installed package) `~/.cache/footfall`.

    It is not made here.
    """
    named = os.environ.get("FOOTFALL_HOME")
    if named:
        return Path(named).expanduser().resolve()
    repository = Path(__file__).resolve().parents[2]
    if (repository / "pyproject.toml").is_file():
        return repository / ".local"
    return Path.home() / ".cache" / "footfall"
