"""Paths of files in Iceberg's metadata: PyIceberg writes `file:///lake/x`, Spark `file:/lake/x`, for the same file."""

import re

_SCHEME = re.compile("^file:/+")


def local_path(location: str) -> str:
    """A file's path on this machine; a location elsewhere (`s3://...`) as it is."""
    return _SCHEME.sub("/", location)
