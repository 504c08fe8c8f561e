"""What each piece of deployed code holds: its entry, and the only subpackages of `footfall` that go with it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contents:
    """The sources of an artefact, and what it runs on.

    Attributes:
        folders: folders of the repository, and where each lies in the artefact. Of `footfall` itself, its `__init__`
            and `errors` go with every one.
        requirements: the file of `requirements/` with the packages it needs beyond AWS's image.
        python: the version AWS runs it on.
        platforms: the machine AWS runs it on, the best fit first.
    """

    folders: tuple[tuple[str, str], ...]
    requirements: str
    python: str
    platforms: tuple[str, ...]


def subpackages(*names: str) -> tuple[tuple[str, str], ...]:
    """Subpackages of `footfall`, at their own place."""
    return tuple((f"footfall/{name}", f"footfall/{name}") for name in names)


COLLECTOR = Contents(
    folders=(("lambdas/collector", "lambdas/collector"), *subpackages("collector", "events", "protocols")),
    requirements="collector",
    python="3.13",
    # Python 3.13 on Lambda runs on Amazon Linux 2023, whose C library is 2.34.
    platforms=("aarch64-manylinux_2_28",),
)
ETL = Contents(
    folders=(*subpackages("etl", "events", "lake"), ("glue_jobs/models", "footfall/etl/models_sql")),
    requirements="glue",
    python="3.11",
    platforms=("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux2014_x86_64"),
)
