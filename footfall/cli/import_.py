"""`footfall import`: take files that people already have into raw."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant
from footfall.collector.file_import import ImportReport, Progress, check_file, import_file, sample_lines
from footfall.errors import FootfallError
from footfall.events.tenant_changes import check_name
from footfall.events.tenant_file import TenantFile
from footfall.events.tenants import Tenant
from footfall.lake.layout import LocalLake, open_lake
from footfall.protocols.imported_row import RowReader

File = Annotated[Path, typer.Argument(help="The file, plain or gzip.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add `footfall import` to the command."""
    imports = typer.Typer(no_args_is_help=True)
    imports.command("access-log")(access_log)
    imports.command("csv")(csv)
    imports.command("entities")(entities)
    app.add_typer(imports, name="import", help="Take a file into the lake: an access log, a CSV, or what you know.")


def access_log(
    file: File,
    log_format: Annotated[
        str, typer.Option("--format", help="auto, combined, common, cloudfront or alb.", show_default=True)
    ] = "auto",
    host: Annotated[str, typer.Option(help="The site's host, where the log's lines name none.")] = "",
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    as_json: Json = False,
) -> None:
    """Take the access log of a web server into the lake: every line becomes one event.

    A line that cannot be read goes to quarantine, with its number. A tenant that is new is added. Importing the same
    file again changes nothing.

    Example: footfall import access-log access.log.gz --tenant blog --host www.example.com
    """
    from footfall.protocols.access_log import AccessLog, check_host, find_log_format, open_format

    check_host(host)
    with _about(file):
        sample = sample_lines(file)
        found = find_log_format(sample) if log_format == "auto" else log_format
    open_format(found)
    _import(file, lambda tenant: AccessLog(found, tenant.salt, host), lake, tenant, as_json)


def csv(
    file: File,
    mapping: Annotated[
        list[str],
        typer.Option(
            "--map",
            metavar="TARGET=COLUMN",
            help="What a column means: visitor, user, name, time, id, url, referrer, title, user_agent, ip, value, "
            "currency or level. Columns that are not mapped become properties.",
        ),
    ],
    event: Annotated[str | None, typer.Option(help="The event's name, where all rows are one kind.")] = None,
    level: Annotated[
        str | None, typer.Option(help="low, mid or high; else known by the event's name, or high.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="',' ';' '|' '::' tab or whitespace; found where it is not given.")
    ] = None,
    header: Annotated[
        bool | None, typer.Option("--header/--no-header", help="Whether the first line names the columns.")
    ] = None,
    columns: Annotated[str, typer.Option(metavar="A,B,C", help="The columns' names, in order.")] = "",
    time_format: Annotated[
        str | None,
        typer.Option(
            help="iso, epoch, epoch-ms, yyyymmdd, yyyymmddhhmmss, apache, dd/mm/yyyy, mm/dd/yyyy, or a pattern such "
            "as '%d.%m.%Y %H:%M'; found where it is not given."
        ),
    ] = None,
    time_zone: Annotated[str, typer.Option(help="The zone of times that name none, such as Europe/Berlin.")] = "UTC",
    encoding: Annotated[str, typer.Option(help="The file's encoding.")] = "utf-8",
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    as_json: Json = False,
) -> None:
    """Take a delimited file into the lake: every row becomes one event.

    A row that cannot be read goes to quarantine, with its line. A tenant that is new is added. Importing the same
    file again changes nothing.

    Example: footfall import csv orders.csv --tenant shop --map visitor=customer --map time=day --map value=total
    --event purchase
    """
    from footfall.protocols.csv_plan import CsvOptions, make_plan, parse_mapping
    from footfall.protocols.csv_rows import CsvRows

    options = CsvOptions(
        mapping=parse_mapping(mapping),
        event=event,
        level=level,
        delimiter=delimiter,
        header=header,
        columns=columns.split(",") if columns else (),
        time_format=time_format,
        time_zone=time_zone,
        encoding=encoding,
    )
    with _about(file):
        plan = make_plan(sample_lines(file), options)
    _import(file, lambda _: CsvRows(plan), lake, tenant, as_json)


def entities(
    file: File,
    entity_type: Annotated[str, typer.Option("--type", help="What the rows are about: user, item or account.")],
    id_column: Annotated[str, typer.Option("--id", help="The column, or field, that holds its id.")],
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="TIME", help="Since when the rows hold: 2026-01-31, or a UTC time.")
    ],
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    as_json: Json = False,
) -> None:
    """Take what you know of users, items or accounts into the lake: a delimited file, or one JSON object a line.

    Every other column becomes a property, as of the time that you give; an empty cell says nothing. The table
    `entities` has each statement, the view `entities_now` what is known now. Importing the same file again changes
    nothing.

    Example: footfall import entities products.csv --tenant shop --type item --id sku --as-of 2026-01-31
    """
    from footfall.protocols.entity_rows import open_entities
    from footfall.protocols.time_formats import read_iso

    try:
        holds_from = read_iso(as_of)
    except ValueError as error:
        raise FootfallError(f"--as-of {as_of!r} is no time: write 2026-01-31 or 2026-01-31T12:00:00.") from error
    with _about(file):
        reader = open_entities(sample_lines(file), entity_type, id_column, holds_from)
    _import(file, lambda _: reader, lake, tenant, as_json)


def _import(
    file: Path, make_reader: Callable[[Tenant], RowReader], root: Path, tenant_name: str | None, as_json: bool
) -> None:
    with _shown_progress(file, not as_json) as progress:
        digest = check_file(file, progress)
    lake, tenant, write_key = _tenant(root, tenant_name)
    if write_key and not as_json:
        print(f"Tenant {tenant.name} is new: added to the lake {lake.root}.")
        print(f"Its write key: {write_key} (keep it: it is not shown again).")
    reader = make_reader(tenant)
    with _shown_progress(file, not as_json) as progress:
        now = time.time_ns() // 1_000_000
        report = import_file(file, reader, digest=digest, tenant=tenant.name, raw=lake.raw, now=now, progress=progress)
    if as_json:
        print(json.dumps(_as_json(file, reader, lake, tenant, write_key, report)))
    else:
        _print_summary(file, reader, root, report)


def _tenant(root: Path, name: str | None) -> tuple[LocalLake, Tenant, str]:
    """The lake, the tenant, and its write key where it is new."""
    if name is None:
        if not root.exists():
            raise FootfallError(f"there is no lake {root} yet: add --tenant NAME, and it is made with that tenant.")
        lake = open_lake(root)
        return lake, pick_tenant(TenantFile(lake.tenants), None), ""
    check_name(name)
    lake = open_lake(root, create=True)
    registry = TenantFile(lake.tenants)
    known = {tenant.name: tenant for tenant in registry.all()}
    if name in known:
        return lake, known[name], ""
    tenant, write_key = registry.add(name, time.time_ns() // 1_000_000)
    return lake, tenant, write_key


@contextmanager
def _about(file: Path) -> Iterator[None]:
    """Name the file in what is said of it."""
    try:
        yield
    except FootfallError as error:
        said = str(error)
        raise FootfallError(said if str(file) in said else f"{file}: {said}") from error


@contextmanager
def _shown_progress(file: Path, wanted: bool) -> Iterator[Progress]:
    if not wanted or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"import {file.name}", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_summary(file: Path, reader: RowReader, root: Path, report: ImportReport) -> None:
    if report.already_imported:
        print(f"{file} is already imported: nothing was written.")
    names = ", ".join(f"{count:,} {name}" for name, count in report.names.most_common(5))
    more = f", {len(report.names) - 5} more names" if len(report.names) > 5 else ""
    headings = f"{report.headings:,} heading{'s' * (report.headings > 1)}, " if report.headings else ""
    events = f"{report.events:,} events" + (f" ({names}{more})" if names else "")
    print(f"{report.lines:,} lines: {headings}{events}, {report.rejected:,} rejected.")
    for reason, count in report.reasons.most_common():
        print(f"  rejected: {count:,} {reason}")
    if report.first_rejected is not None:
        print(f"  the first: {report.first_rejected.where}: {report.first_rejected.detail}")
    if not report.already_imported:
        print(f"Next: footfall etl --lake {root}")


def _as_json(
    file: Path, reader: RowReader, lake: LocalLake, tenant: Tenant, write_key: str, report: ImportReport
) -> dict[str, object]:
    key = {"write_key": write_key} if write_key else {}
    return {
        "file": str(file),
        "kind": reader.kind,
        "settings": reader.settings,
        "lake": str(lake.root),
        "tenant": tenant.name,
        "tenant_is_new": bool(write_key),
        **key,
        "lines": report.lines,
        "headings": report.headings,
        "events": report.events,
        "rejected": report.rejected,
        "names": dict(report.names),
        "reasons": dict(report.reasons),
        "objects_written": report.written,
        "objects_kept": report.kept,
        "already_imported": report.already_imported,
    }
