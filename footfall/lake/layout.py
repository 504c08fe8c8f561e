"""A local lake is one folder: `tenants.toml`, `raw/`, `warehouse/`, `catalog.db`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from footfall.errors import FootfallError

FORMAT = 1


@dataclass(frozen=True)
class LocalLake:
    """The paths of a local lake. Nothing is made or opened by naming one."""

    root: Path

    @property
    def tenants(self) -> Path:
        """The tenants' registry."""
        return self.root / "tenants.toml"

    @property
    def raw(self) -> Path:
        """The raw objects, and `open/`, the files that a collector is still writing."""
        return self.root / "raw"

    @property
    def warehouse(self) -> Path:
        """The tables' data and metadata."""
        return self.root / "warehouse"

    @property
    def catalog(self) -> Path:
        """Iceberg's SQLite catalog."""
        return self.root / "catalog.db"

    @property
    def models(self) -> Path:
        """Trained models, one folder a tenant, engine and version."""
        return self.root / "models"


def open_lake(root: Path, *, create: bool = False) -> LocalLake:
    """The lake in a folder, its format checked.

    Args:
        root: the folder.
        create: make the folder where there is none.

    Raises:
        FootfallError: there is no lake here (and `create` is off), or it is of another version.
    """
    lake = LocalLake(root.resolve())
    if not lake.tenants.exists():
        if not create:
            raise FootfallError(
                f"{root} is no lake: it has no tenants.toml. "
                f"Make one with `footfall tenant add NAME --lake {root}`, or name another with --lake."
            )
        if lake.root.exists() and (not lake.root.is_dir() or any(lake.root.iterdir())):
            raise FootfallError(f"{root} is neither a lake nor an empty folder. Name another with --lake.")
        lake.raw.mkdir(parents=True, exist_ok=True)
        lake.tenants.write_text(f"format = {FORMAT}\n")
        return lake
    try:
        found = tomllib.loads(lake.tenants.read_text()).get("format")
    except tomllib.TOMLDecodeError as error:
        raise FootfallError(f"{lake.tenants} cannot be read: {error}. Mend it by hand or restore it.") from error
    if found != FORMAT:
        raise FootfallError(
            f"{root} is a lake of format {found}, and this version reads format {FORMAT}. "
            "Use the version of footfall that made it, or name another folder with --lake."
        )
    return lake
