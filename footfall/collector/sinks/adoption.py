"""What a killed collector has left open is sealed by the next."""

from pathlib import Path

from footfall.collector.sinks.open_file import SUFFIX, OpenFile
from footfall.errors import FootfallError
from footfall.events import raw_object


def adopt(root: Path) -> list[str]:
    """Seal every file below `root/open/` whose process has ended. Returns the keys of the raw objects made.

    Files of living processes are left alone. Two may adopt at once.

    Raises:
        FootfallError: a file could not be sealed.
    """
    folder = root / raw_object.OPEN
    keys = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            key = _seal(root, path.name.removesuffix(SUFFIX))
        except OSError as error:
            raise FootfallError(f"{path} cannot be made a raw object: {error}. Mend that and start again.") from error
        if key is not None:
            keys.append(key)
    return keys


def _seal(root: Path, name: str) -> str | None:
    left = OpenFile.take_over(root, name)
    if left is None:
        return None
    try:
        return left.seal()
    except OSError:
        left.close()
        raise
