"""The health of a local lake."""

from footfall.etl.health import Finding, examine
from footfall.events.tenant_file import TenantFile
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.layout import LocalLake
from footfall.lake.raw_store import FileRawStore


def run_health(lake: LocalLake, tenant: str | None, now_ms: int, max_age_hours: float) -> list[Finding]:
    """What is wrong with the lake, for one tenant or for all."""
    tenants = [known for known in TenantFile(lake.tenants).all() if tenant in (None, known.name)]
    engine = DuckDBEngine(open_catalog(lake))
    try:
        return examine(engine, FileRawStore(lake.raw), tenants, now_ms, max_age_hours)
    finally:
        engine.close()
