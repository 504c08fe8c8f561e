"""What differs between environments: read from `cdk.json`, checked, with defaults that suit a small site."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """The settings of one environment.

    Attributes:
        environment: its name, in lower case; it stands in the names of stacks and of what people look up.
        keep_data: whether deleting a stack leaves its buckets, tables and domain where they are.
        alarm_email: who hears of alarms; empty: nobody, and the topic is there to subscribe to.
        log_days: how long logs are kept: 7, 30, 90, 180 or 365.
        collector_memory_mib: the collector's memory; its share of a processor follows from it.
        collector_requests_per_second: what the HTTP API lets through, bursts of twice as many.
        delivery_seconds: how long Firehose gathers requests into one raw object.
        delivery_mib: how much Firehose gathers into one raw object, before compression.
        etl_schedule: when the ETL starts, as a Glue cron expression in UTC.
        etl_worker: the type of Glue's workers.
        etl_workers: how many workers, the driver among them.
        etl_timeout_minutes: when a run is stopped.
        upkeep_schedule: when upkeep starts, as a Glue cron expression in UTC. It has as many workers as the ETL.
        upkeep_timeout_minutes: when an upkeep is stopped.
        erase_schedule: when erasures that were ordered are carried out, as a Glue cron expression in UTC.
        erase_timeout_minutes: when such a run is stopped; the next goes on. It reads all of raw for each erasure.
        check_schedule: when health and books are looked at, as a Glue cron expression in UTC.
        check_days: of how many days the books are proved then, that day among them; 0: of all, which reads all of raw.
        check_max_age_hours: how old a tenant's newest event may be; 0: any.
        check_timeout_minutes: when such a run is stopped.
        raw_days: after how many days S3 removes raw objects; 0: never, and upkeep removes what all tenants' retention
            leaves no place for. No less than the longest `retention_days` of a tenant, none of which may be 0 then.
        query_limit_gib: how much one Athena query may scan.
        result_days: how long query results are kept.
        search_instance: the type of the OpenSearch data nodes.
        search_nodes: how many data nodes; with more than one, they stand in as many zones (at most three).
        search_volume_gib: the disk of each data node.
    """

    environment: str
    keep_data: bool = True
    alarm_email: str = ""
    log_days: int = 90
    collector_memory_mib: int = 512
    collector_requests_per_second: int = 1_000
    delivery_seconds: int = 300
    delivery_mib: int = 64
    etl_schedule: str = "cron(10 * * * ? *)"
    etl_worker: str = "G.1X"
    etl_workers: int = 2
    etl_timeout_minutes: int = 55
    upkeep_schedule: str = "cron(40 2 * * ? *)"
    upkeep_timeout_minutes: int = 120
    erase_schedule: str = "cron(25 4 * * ? *)"
    erase_timeout_minutes: int = 480
    check_schedule: str = "cron(50 5 * * ? *)"
    check_days: int = 2
    check_max_age_hours: int = 24
    check_timeout_minutes: int = 120
    raw_days: int = 0
    query_limit_gib: int = 100
    result_days: int = 30
    search_instance: str = "t3.small.search"
    search_nodes: int = 1
    search_volume_gib: int = 20

    @property
    def prefix(self) -> str:
        """What names begin with."""
        return f"footfall-{self.environment}"


def read_configuration(environments: Mapping[str, Any] | None, environment: str) -> Configuration:
    """The settings of an environment, as `cdk.json` has them under `footfall`.

    Raises:
        ValueError: there is no such environment, or a setting is unknown or of another type.
    """
    known = environments or {}
    if environment not in known:
        raise ValueError(f"cdk.json: context.footfall has {', '.join(known)}, and no environment {environment!r}.")
    if not environment.isascii() or not environment.isalnum() or environment != environment.lower():
        raise ValueError(f"the environment {environment!r} must be lower-case letters and digits.")
    types = {field.name: field.type for field in fields(Configuration) if field.name != "environment"}
    for name, value in known[environment].items():
        if name not in types:
            raise ValueError(f"cdk.json: {environment}.{name} is no setting; there are: {', '.join(types)}.")
        if type(value) is not types[name]:
            raise ValueError(f"cdk.json: {environment}.{name} is {value!r}, and must be of type {types[name]}.")
    return Configuration(environment=environment, **known[environment])
