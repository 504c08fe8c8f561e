"""Paths of files in Iceberg's metadata: PyIceberg writes `file:///lake/x`, Spark `file:/lake/x`, for the same file."""

import re
from pathlib import Path

_SCHEME = re.compile("^file:/+")


def file_uri(path: Path) -> str:
    """The location of a file or folder. PyIceberg and Spark both take what follows the scheme as it stands.

    `Path.as_uri` would write a space as `%20`, and they would make a folder of that name.
    """
    return f"file://{path}"


def local_path(location: str) -> str:
    """A file's path on this machine; a location elsewhere (`s3://...`) as it is."""
    return _SCHEME.sub("/", location)
