"""Which of a table's data files may hold rows within bounds.

PyIceberg's own planning binds and visits its whole expression anew for each file: with a month of days asked for, that
costs more than reading. Here a file's partition, and its column's bounds, are compared as numbers.
"""

from collections.abc import Sequence
from datetime import timedelta

from pyiceberg.conversions import from_bytes
from pyiceberg.expressions import BooleanExpression
from pyiceberg.expressions.parser import parse
from pyiceberg.expressions.visitors import _InclusiveMetricsEvaluator
from pyiceberg.manifest import DataFile, ManifestFile
from pyiceberg.table import Table as IcebergTable
from pyiceberg.transforms import BucketTransform, DayTransform
from pyiceberg.types import DateType, IntegerType, PrimitiveType, StringType

from footfall.lake.engines.port import Bounds
from footfall.lake.manifests import Manifests, partition_ends

_DAY = timedelta(days=1) // timedelta(milliseconds=1)
# The tenants' buckets, by the number of a partition spec and the place of the field in it.
_Buckets = dict[tuple[int, int], set[int | None]]


def data_files(
    table: IcebergTable,
    snapshot: int | None = None,
    manifests: Manifests | None = None,
    bounds: Bounds | None = None,
) -> list[DataFile]:
    """The data files of a snapshot (None: the current one): all, or those that may hold rows within bounds.

    Our tables are written copy on write: no file undoes rows of another.

    Args:
        table: the table.
        snapshot: the snapshot's id.
        manifests: what was read of them before.
        bounds: the bounds; manifests of other partitions are not read.
    """
    found = table.current_snapshot() if snapshot is None else table.snapshot_by_id(snapshot)
    if found is None:
        return []
    known = manifests if manifests is not None else Manifests()
    named = known.of(table.location(), found, table.io)
    buckets = _buckets(table, bounds) if bounds is not None else {}
    if bounds is not None:
        named = [manifest for manifest in named if _may_name(table, manifest, bounds, buckets)]
    files = [entry.data_file for each in named for entry in known.entries(table.location(), each, table.io)]
    return files if bounds is None else [file for file in files if _may_hold(table, file, bounds, buckets)]


def files_where(table: IcebergTable, files: Sequence[DataFile], condition: str | BooleanExpression) -> list[DataFile]:
    """Those of a table's data files that may hold a row for which a condition on its columns holds, by their bounds.

    The condition is bound once, and the manifests are those that were read before: a scan reads them anew.
    """
    asked = parse(condition) if isinstance(condition, str) else condition
    evaluator = _InclusiveMetricsEvaluator(table.schema(), asked)
    return [file for file in files if evaluator.eval(file)]


def _buckets(table: IcebergTable, bounds: Bounds) -> _Buckets:
    return {
        (number, place): {field.transform.transform(StringType())(tenant) for tenant in bounds.tenants}
        for number, spec in table.specs().items()
        for place, field in enumerate(spec.fields)
        if isinstance(field.transform, BucketTransform) and table.schema().find_field(field.source_id).name == "tenant"
    }


def _may_name(table: IcebergTable, manifest: ManifestFile, bounds: Bounds, buckets: _Buckets) -> bool:
    """Whether a manifest may name a file that may hold rows within the bounds, by the partitions it tells of."""
    number = manifest.partition_spec_id
    for place, field in enumerate(table.specs()[number].fields):
        asked = buckets.get((number, place))
        if asked is not None:
            ends = partition_ends(manifest, place, IntegerType())
            if ends and not any(bucket is None or ends[0] <= bucket <= ends[1] for bucket in asked):
                return False
        elif (
            bounds.ranges
            and isinstance(field.transform, DayTransform)
            and table.schema().find_field(field.source_id).name == bounds.column
        ):
            ends = partition_ends(manifest, place, DateType())
            if ends and not _meets(ends[0] * _DAY, (ends[1] + 1) * _DAY - 1, bounds.ranges):
                return False
    return True


def _may_hold(table: IcebergTable, file: DataFile, bounds: Bounds, buckets: _Buckets) -> bool:
    schema, by_day = table.schema(), not bounds.ranges
    for place, field in enumerate(table.specs()[file.spec_id].fields):
        source, value = schema.find_field(field.source_id).name, file.partition[place]
        if value not in buckets.get((file.spec_id, place), {value}):
            return False
        if (
            bounds.ranges
            and source == bounds.column
            and isinstance(field.transform, DayTransform)
            and value is not None
        ):
            by_day = True
            if not _meets(int(value) * _DAY, (int(value) + 1) * _DAY - 1, bounds.ranges):
                return False
    if by_day:
        return True
    column = schema.find_field(bounds.column)
    low, high = ((ends or {}).get(column.field_id) for ends in (file.lower_bounds, file.upper_bounds))
    if low is None or high is None or not isinstance(column.field_type, PrimitiveType):
        return True
    # A date is kept in days, a timestamp in microseconds.
    ends = [int(from_bytes(column.field_type, end)) for end in (low, high)]
    if isinstance(column.field_type, DateType):
        return _meets(ends[0] * _DAY, (ends[1] + 1) * _DAY - 1, bounds.ranges)
    return _meets(ends[0] // 1000, ends[1] // 1000, bounds.ranges)


def _meets(low: int, high: int, ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether a stretch, its ends included, meets one of the half-open ranges."""
    return any(low < end and begin <= high for begin, end in ranges)
