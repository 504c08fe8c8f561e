"""The embedded engine: DuckDB runs the models, PyIceberg commits."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import duckdb
import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.expressions import In
from pyiceberg.manifest import DataFile

from footfall.lake.catalog import load
from footfall.lake.commit import overwrite
from footfall.lake.decoded_ahead import DecodedAhead
from footfall.lake.dictionaries import with_dictionaries_of
from footfall.lake.engines.dialect import MACROS, to_duckdb
from footfall.lake.engines.port import Bounds, ColumnFunction, Commit, Result
from footfall.lake.engines.repeated_texts import RepeatedTexts
from footfall.lake.engines.spill_folder import SpillFolder
from footfall.lake.expiry import expire_snapshots
from footfall.lake.file_choice import data_files, files_where
from footfall.lake.file_scan import file_scan
from footfall.lake.file_uri import local_path
from footfall.lake.history import history
from footfall.lake.manifests import Manifests
from footfall.lake.raw_rows import (
    EVENT_ROWS,
    LEDGER_ROWS,
    REJECTED_ROWS,
    DecodedObjects,
    LeaveOut,
    decode_objects,
    event_rows,
)
from footfall.lake.raw_store import RawStore
from footfall.lake.reader import quoted
from footfall.lake.row_pieces import in_pieces
from footfall.lake.schemas import NEW_FILES_LEVEL, arrow_schema, duckdb_type
from footfall.lake.tables import EVENTS, Table

_STAGES = {"staged_events": EVENT_ROWS, "staged_rejected": REJECTED_ROWS, "staged_ledger": LEDGER_ROWS}
USUAL_MEMORY = 3.0
"""GiB of resident memory that a run of millions of events takes, about."""
# What these are for: DuckDB's limit, above which it spills to disk, and so many bytes of raw objects at once, half a
# million events or so.
_DUCKDB_BYTES = 1_500_000_000
_RAW_BYTES = 32 * 1024 * 1024
# Of decoded rows, what is held in memory beside DuckDB's.
_HELD_BYTES = 512 * 1024 * 1024
# Of these, what is decoded before its turn, beside all that DuckDB then holds.
_AHEAD_BYTES = 384 * 1024 * 1024
# Of fewer events than that, DuckDB's threads cost more CPU in waiting for each other than they do, and to find which
# texts are worth numbers costs more than it saves.
_MANY_EVENTS = 20_000
# Rows of a table that are sorted and written at once: what they take beside the memory limit is bounded.
_WRITTEN_AT_ONCE = 250_000


class DuckDBEngine:
    """DuckDB over a catalog's tables (see the port for what each method does).

    Args:
        catalog: the PyIceberg catalog that holds the lake's tables.
        memory: GiB of resident memory that a run may take: how much it takes in at once, and when it spills to disk,
            follows from it.

    Attributes:
        most_bytes: how many bytes of raw objects are taken in at once.
        many_events: from so many on, several threads work, and numbers stand for texts that many events share.
    """

    def __init__(self, catalog: Catalog, memory: float = USUAL_MEMORY) -> None:
        self.catalog = catalog
        share = memory / USUAL_MEMORY
        self.most_bytes = int(share * _RAW_BYTES)
        self._held_bytes = int(share * _HELD_BYTES)
        self._ahead_bytes = int(share * _AHEAD_BYTES)
        self.many_events = _MANY_EVENTS
        self._spill = SpillFolder()
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        # It goes to stdout, where a command's result stands.
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute(f"SET memory_limit = '{int(share * _DUCKDB_BYTES)}B'")
        self.connection.execute(f"SET temp_directory = {quoted(str(self._spill.path))}")
        self.connection.execute("SET preserve_insertion_order = false")
        # Data files never change, and a run opens each of them several times.
        self.connection.execute("SET parquet_metadata_cache = true")
        for macro in MACROS.values():
            self.connection.execute(f"CREATE MACRO {macro}")
        self._kinds: dict[str, str] = {}
        # Of relations that stand for a table, which it is.
        self._holds: dict[str, str] = {}
        self._texts = RepeatedTexts(self.connection)
        self._ahead: DecodedAhead | None = None
        self._manifests = Manifests()

    def stage(
        self,
        store: RawStore,
        keys: Sequence[str],
        leave_out: LeaveOut | None = None,
        columns: Sequence[str] | None = None,
        beside: str | None = None,
    ) -> None:
        """Decode raw objects into relations, which Arrow holds, or DuckDB where they are large: it spills to disk."""
        decoded: dict[str, list[pa.Table]] = {}
        for name, schema in {**_STAGES, "staged_events": event_rows(columns)}.items():
            self._let_go(name)
            decoded[name] = [schema.empty_table()]
        events = held = 0
        for rows in self._decoded(store, keys, leave_out, columns):
            for name, tables in decoded.items():
                tables.append(getattr(rows, name.removeprefix("staged_")))
                held += tables[-1].nbytes
            events += rows.events.num_rows
            if held >= self._held_bytes:
                self._spill_staged(decoded)
                held = 0
        all_rows: dict[str, str] = {}
        for name, tables in decoded.items():
            self.connection.register(f"{name}_held", pa.concat_tables(tables))
            more = f" UNION ALL SELECT * FROM {name}_spilled" if f"{name}_spilled" in self._kinds else ""
            all_rows[name] = f"(SELECT * FROM {name}_held{more})"
        # DuckDB does not know how many rows Arrow holds: it takes them for few, and makes joins' hash tables of them.
        self.connection.execute(f"SET disabled_optimizers = '{'build_side_probe_side' if events else ''}'")
        # Without raw objects a run removes or works out again what is stored, however much that is.
        few = keys and events < self.many_events
        self.connection.execute("SET threads = 1" if few else "RESET threads")
        self._texts.begin(0 if few else events, beside, EVENTS.repeated)
        names = decoded["staged_events"][0].column_names
        self._texts.find(all_rows["staged_events"], EVENTS.repeated, names)
        for name, source in all_rows.items():
            self._create(name, self._texts.select(source, names if name == "staged_events" else ()), "VIEW")

    def expect(
        self,
        store: RawStore,
        keys: Sequence[str],
        leave_out: LeaveOut | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        """Begin to decode what is staged next."""
        if self._ahead is not None:
            self._ahead.close()
        self._ahead = DecodedAhead(store, keys, leave_out, self._ahead_bytes, columns)

    def _decoded(
        self, store: RawStore, keys: Sequence[str], leave_out: LeaveOut | None, columns: Sequence[str] | None
    ) -> Iterator[DecodedObjects]:
        ahead, self._ahead = self._ahead, None
        if ahead is not None and (ahead.keys, ahead.columns) == (tuple(keys), columns):
            return ahead.rows()
        if ahead is not None:
            ahead.close()
        return decode_objects(((key, store.read(key)) for key in keys), leave_out, columns=columns)

    def _spill_staged(self, decoded: Mapping[str, list[pa.Table]]) -> None:
        for name, tables in decoded.items():
            self.connection.register("incoming", pa.concat_tables(tables))
            if f"{name}_spilled" in self._kinds:
                self.connection.execute(f"INSERT INTO {name}_spilled SELECT * FROM incoming")
            else:
                self._create(f"{name}_spilled", "SELECT * FROM incoming")
            self.connection.unregister("incoming")
            del tables[1:]

    def _let_go(self, name: str) -> None:
        """Forget staged rows, wherever they are."""
        if name in self._kinds:
            self.connection.execute(f"DROP {self._kinds.pop(name)} {name}")
            self.connection.unregister(f"{name}_held")
            self.connection.execute("SET disabled_optimizers = ''")
        if f"{name}_spilled" in self._kinds:
            self.forget(f"{name}_spilled")

    def map_column(self, name: str, source: str, column: str, function: ColumnFunction, schema: pa.Schema) -> None:
        """Define a relation from a function of a column's distinct values."""
        distinct = f"SELECT DISTINCT {column} FROM {source} WHERE {column} IS NOT NULL ORDER BY 1"
        values = [str(value) for (value,) in self.connection.execute(distinct).fetchall()]
        # Of other relations, a text may be none of those that came.
        self._register(name, function(values).cast(schema), with_numbers=source in _STAGES)

    def register(self, name: str, rows: pa.Table) -> None:
        """Define a small relation from rows at hand."""
        self._register(name, rows)

    def _register(self, name: str, rows: pa.Table, *, with_numbers: bool = False) -> None:
        self.connection.register("incoming", rows)
        select = "SELECT * FROM incoming"
        if with_numbers:
            self._texts.find("incoming", EVENTS.repeated, rows.column_names)
            select = self._texts.select("incoming", rows.column_names)
        self._create(name, select)
        self.connection.unregister("incoming")

    def define(self, name: str, sql: str, table: Table | None = None, *, lazily: bool = False) -> None:
        """Define a relation by a select in Spark SQL."""
        select = to_duckdb(sql)
        if table is not None:
            numbers = self._texts.among(table.repeated, select)
            casts = ", ".join(
                column.name
                if column.name in numbers
                else f"TRY_CAST({column.name} AS {duckdb_type(column.type)}) AS {column.name}"
                for column in table.columns
            )
            select = f"SELECT {casts} FROM ({select})"
        self._create(name, select, "VIEW" if lazily else "TABLE")

    def _create(self, name: str, select: str, kind: str = "TABLE") -> None:
        before = self._kinds.get(name, kind)
        if before != kind:
            self.connection.execute(f"DROP {before} {name}")
        self.connection.execute(f"CREATE OR REPLACE TEMP {kind} {name} AS {select}")
        self._kinds[name] = kind
        self._holds.pop(name, None)

    def without(self, name: str, source: str, leaving: str, on: Sequence[str]) -> None:
        """Take rows out of a relation, where a table holds them; else leave them out whenever it is read."""
        held = self._held_by(source)
        some = self._count(leaving)
        if held is None:
            without = f" ANTI JOIN {leaving} USING ({', '.join(on)})" if some else ""
            self._create(name, f"SELECT * FROM {source}{without}", "VIEW")
            return
        if some:
            agree = " AND ".join(f"s.{column} = l.{column}" for column in on)
            self.connection.execute(f"DELETE FROM {held} AS s USING {leaving} AS l WHERE {agree}")
        self._stand_for(name, held)

    def add(self, name: str, source: str, rows: str) -> None:
        """Put rows into a relation, where a table holds it, and has numbers for all their texts; else beside it."""
        held = self._held_by(source)
        if held is not None:
            try:
                self.connection.execute(f"INSERT INTO {held} BY NAME SELECT * FROM {rows}")
            except duckdb.ConversionException:
                held = None
        if held is None:
            self._create(name, f"SELECT * FROM {source} UNION ALL BY NAME SELECT * FROM {rows}", "VIEW")
        else:
            self._stand_for(name, held)

    def number(self, name: str, sql: str) -> None:
        """Define a relation by a select in Spark SQL, with a number for each row."""
        self._create(f"{name}_rows", to_duckdb(sql))
        # A window over all rows would be worked out by one thread.
        self._create(name, f"SELECT rowid AS number, * FROM {name}_rows", "VIEW")

    def number_together(self, name: str, relations: Sequence[str], columns: Sequence[str]) -> None:
        """Define a relation of columns of all rows of relations, with a number for each row."""
        listed = ", ".join(columns)
        numbered: list[str] = []
        first = 0
        for place, relation in enumerate(relations):
            rows = f"{name}_rows_{place}"
            held = self._held_by(relation)
            if held is None:
                self._create(rows, f"SELECT {listed} FROM {relation}")
            elif rows in self._kinds:
                self.forget(rows)
            # Each relation's rows stay by themselves: beside those of a table repeated texts would be texts again.
            numbered.append(f"SELECT rowid + {first} AS number, {listed} FROM {held or rows}")
            ((after,),) = self.connection.execute(f"SELECT coalesce(max(rowid), -1) + 1 FROM {held or rows}").fetchall()
            first += int(after)
        self._create(name, " UNION ALL ".join(numbered), "VIEW")
        place = len(relations)
        while (left := f"{name}_rows_{place}") in self._kinds:
            self.forget(left)
            place += 1

    def _stand_for(self, name: str, held: str) -> None:
        self._create(name, f"SELECT * FROM {held}", "VIEW")
        self._holds[name] = held

    def _held_by(self, name: str) -> str | None:
        """The table that holds a relation's rows, all of them and no others; None: they are worked out when read."""
        return name if self._kinds.get(name) == "TABLE" else self._holds.get(name)

    def forget(self, name: str) -> None:
        """Let go of a relation, and of the memory that it takes."""
        if name in _STAGES:
            self._let_go(name)
        else:
            self.connection.execute(f"DROP {self._kinds.pop(name)} {name}")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """A small result of a select in Spark SQL."""
        return self.connection.execute(to_duckdb(sql)).fetchall()

    def each(self, work: Callable[[str], Result], keys: Sequence[str]) -> list[Result]:
        """What a piece of work gives for each of these keys, one after the other."""
        return [work(key) for key in keys]

    def is_empty(self, name: str) -> bool:
        """Whether a relation has no rows."""
        return not self.connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchall()

    def snapshot(self, table: Table) -> int | None:
        """The table's current snapshot."""
        current = load(self.catalog, table.name).current_snapshot()
        return current.snapshot_id if current else None

    def history(self, table: Table) -> Sequence[Commit]:
        """The table's kept snapshots, the oldest first."""
        return history(load(self.catalog, table.name))

    def stored(
        self,
        name: str,
        table: Table,
        bounds: Bounds | None,
        snapshot: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        """Define a relation of a table's rows within bounds."""
        self._define_from_files(name, table, self._files(table, bounds, snapshot), columns)

    def stored_where(self, name: str, table: Table, condition: str) -> None:
        """Define a relation of a table's rows, among them all for which a condition holds."""
        files = files_where(load(self.catalog, table.name), self._files(table, None, None), condition)
        self._define_from_files(name, table, files)

    def stored_from(
        self,
        name: str,
        table: Table,
        values: Sequence[str],
        column: str = "raw_object",
        bounds: Bounds | None = None,
    ) -> None:
        """Define a relation of a table's rows within bounds that hold one of these values in a column of texts."""
        self.register("values_asked", pa.table({column: pa.array(values, pa.string())}))
        files = self._files(table, bounds, None) if values else []
        if files and bounds is None:
            files = files_where(load(self.catalog, table.name), files, In(column, tuple(values)))
        self._define_among(name, table, files, "values_asked", (column,))

    def stored_among(
        self,
        name: str,
        table: Table,
        bounds: Bounds | None,
        keys: str,
        on: Sequence[str],
        columns: Sequence[str] | None = None,
        snapshot: int | None = None,
        *,
        lazily: bool = False,
    ) -> None:
        """Define a relation of a table's rows within bounds that agree with a row of the relation `keys` in `on`."""
        files = self._files(table, bounds, snapshot)
        self._define_among(name, table, files, keys, on, columns, "VIEW" if lazily else "TABLE")

    def lost(self, name: str, table: Table, snapshot: int) -> None:
        """Define a relation of the rows that a table held at a snapshot and does not hold any more.

        Only the files that came or left since are read.
        """
        before = {file.file_path: file for file in self._files(table, None, snapshot)}
        now = {file.file_path: file for file in self._files(table, None, None)}
        self._define_from_files("files_gone", table, [before[path] for path in before.keys() - now.keys()])
        self._define_from_files("files_come", table, [now[path] for path in now.keys() - before.keys()])
        key = ", ".join(table.key)
        self._create(name, f"SELECT * FROM files_gone ANTI JOIN files_come USING ({key})")

    def replace(
        self, table: Table, rows: str, stale: str, bounds: Bounds | None, properties: Mapping[str, str] | None = None
    ) -> int | None:
        """Write again, in one commit, the files that hold stale rows, without these and with the new ones."""
        iceberg = load(self.catalog, table.name)
        names = ", ".join(column.name for column in table.columns)
        leaving: list[DataFile] = []
        query = f"SELECT {names} FROM {rows}"
        if self._count(stale):
            on = " AND ".join(f"s.{column} IS NOT DISTINCT FROM k.{column}" for column in table.key)
            candidates = {local_path(file.file_path): file for file in self._files(table, bounds, None)}
            if candidates:
                source = self._scan(table, list(candidates.values()))
                hit = self.connection.execute(
                    f"SELECT DISTINCT s.filename FROM {source} AS s SEMI JOIN {stale} AS k ON {on}"
                ).fetchall()
                leaving = [candidates[str(name)] for (name,) in hit]
            if leaving:
                kept = self._scan(table, leaving)
                query += f" UNION ALL SELECT {names} FROM {kept} AS s ANTI JOIN {stale} AS k ON {on}"
        pieces = in_pieces(self._batches(table, query), table, _WRITTEN_AT_ONCE)
        return overwrite(iceberg, leaving, pieces, properties, self._manifests, NEW_FILES_LEVEL)

    def expire(self, table: Table, keep: Sequence[int]) -> None:
        """Bound the number of the table's snapshots."""
        expire_snapshots(load(self.catalog, table.name), keep)

    def close(self) -> None:
        """Let go of the connection and of what it spilled."""
        if self._ahead is not None:
            self._ahead.close()
        self.connection.close()
        self._spill.close()

    def _batches(self, table: Table, query: str) -> Iterator[pa.RecordBatch]:
        """The rows of a select, as they come: nothing else may be asked of the connection meanwhile."""
        reader = self.connection.execute(query).to_arrow_reader(_WRITTEN_AT_ONCE)
        schema = with_dictionaries_of(reader.schema, arrow_schema(table))
        for batch in reader:
            yield batch.cast(schema)

    def _count(self, name: str) -> int:
        (count,) = self.connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0]
        return int(count)

    def _files(self, table: Table, bounds: Bounds | None, snapshot: int | None) -> list[DataFile]:
        if bounds is not None and not bounds.tenants:
            return []
        return data_files(load(self.catalog, table.name), snapshot, self._manifests, bounds)

    def _define_among(
        self,
        name: str,
        table: Table,
        files: Sequence[DataFile],
        keys: str,
        on: Sequence[str],
        columns: Sequence[str] | None = None,
        kind: str = "TABLE",
    ) -> None:
        """The rows of files that agree with a row of `keys` in the columns `on`.

        Where it costs little, those columns are read first, to leave out the files that hold no such rows.
        """
        using = ", ".join(on)
        chosen = list(columns) if columns is not None else [column.name for column in table.columns]
        if files and not set(on) & set(table.spread) and 2 * len(on) <= len(chosen):
            found = self.connection.execute(
                f"SELECT DISTINCT filename FROM {self._scan(table, files)} SEMI JOIN {keys} USING ({using})"
            ).fetchall()
            held = {local_path(file.file_path): file for file in files}
            files = [held[path] for (path,) in sorted(found)]
        if not files:
            self._define_from_files(name, table, [], columns)
            return
        names = ", ".join(chosen)
        # One scan of all of them: a scan of each costs several times as much.
        self._create(name, f"SELECT {names} FROM {self._scan(table, files)} SEMI JOIN {keys} USING ({using})", kind)

    def _define_from_files(
        self, name: str, table: Table, files: Sequence[DataFile], columns: Sequence[str] | None = None
    ) -> None:
        chosen = list(columns) if columns is not None else [column.name for column in table.columns]
        if not files:
            self.register(name, arrow_schema(table).empty_table().select(chosen))
            return
        names = ", ".join(chosen)
        # Data files never change: a view reads of them what is asked for, and holds nothing in memory.
        self._create(name, f"SELECT {names} FROM {self._scan(table, files)}", "VIEW")

    def _scan(self, table: Table, files: Sequence[DataFile]) -> str:
        return file_scan(load(self.catalog, table.name), table, files)
