"""The texts of the models. They lie in `glue_jobs/models`, beside the job that Glue runs."""

from functools import lru_cache
from importlib import resources
from pathlib import Path


@lru_cache
def model(name: str) -> str:
    """The Spark SQL of a model.

    Installed from a wheel or packed for Glue, the models lie in the package; in a checkout, in `glue_jobs/models`.
    """
    packed = resources.files("footfall.etl") / "models_sql" / f"{name}.sql"
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    return (Path(__file__).resolve().parents[2] / "glue_jobs" / "models" / f"{name}.sql").read_text(encoding="utf-8")
