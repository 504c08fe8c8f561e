"""What the columns of a delimited file mean: as the user says, and as far as the file tells."""

import codecs
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from footfall.errors import FootfallError
from footfall.protocols.csv_cells import DELIMITERS, WHITESPACE, cells_reader
from footfall.protocols.file_lines import Line
from footfall.protocols.time_formats import SAMPLES, find_time_format, time_reader, time_zone

TARGETS = (
    *("visitor", "user", "name", "time", "id", "url", "referrer", "title"),
    *("user_agent", "ip", "value", "currency", "level"),
)
"""What a column can be mapped to."""

SAMPLE_LINES = 200
_NAMED_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": WHITESPACE, " ": WHITESPACE}
_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, kw_only=True)
class CsvOptions:
    """What the user says of a file. What is None (or empty) is found in its first lines.

    `mapping` is target to column; `event` names every row's event; `header` tells whether the first line names the
    columns; `columns` names them; `time` (epoch ms) is that of every row, where no column tells it.
    """

    mapping: Mapping[str, str]
    event: str | None = None
    level: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    columns: Sequence[str] = field(default=())
    time_format: str | None = None
    time_zone: str = "UTC"
    encoding: str = "utf-8"
    time: int | None = None


@dataclass(frozen=True, kw_only=True)
class CsvPlan:
    """How a file is read: nothing is left to find. `places` is target to the column's place, from 0."""

    columns: tuple[str, ...]
    places: Mapping[str, int]
    delimiter: str
    header: bool
    event: str | None
    level: str | None
    time_format: str
    time_zone: str
    encoding: str
    time: int | None = None


def parse_mapping(pairs: Iterable[str]) -> dict[str, str]:
    """`target=column` texts as target to column.

    Raises:
        FootfallError: a text without `=`, an unknown target, or a target mapped twice.
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        target, equals, column = (part.strip() for part in pair.partition("="))
        if not equals or not column:
            raise FootfallError(f"--map {pair!r} is no mapping: say --map TARGET=COLUMN, as in --map visitor=user_id.")
        if target not in TARGETS:
            raise FootfallError(
                f"--map {pair!r}: there is no {target!r}; a column maps to one of {', '.join(TARGETS)}, "
                "and a column that is not mapped becomes a property."
            )
        if target in mapping:
            raise FootfallError(f"{target} is mapped twice, to {mapping[target]!r} and {column!r}: keep one.")
        mapping[target] = column
    return mapping


def make_plan(lines: Iterable[Line], options: CsvOptions) -> CsvPlan:
    """How to read a file, by its first lines (SAMPLE_LINES of them are looked at).

    Raises:
        FootfallError: the options contradict each other or the file, or something cannot be found.
    """
    _check(options)
    sample = [line for line, _ in zip(lines, range(SAMPLE_LINES), strict=False)]
    texts = _decoded(sample, options.encoding)
    if not texts:
        raise FootfallError("its first lines are empty: there is nothing to import.")
    delimiter = _delimiter(options.delimiter) if options.delimiter else _find_delimiter(texts, options)
    columns, header = _columns(texts, delimiter, options)
    places = {target: _place(column, columns, texts[0]) for target, column in options.mapping.items()}
    _check_properties(columns, places)
    time_format = options.time_format or "iso"
    if options.time is None and options.time_format is None:
        time_format = _find_time(texts[header:], delimiter, places["time"])
    time_reader(time_format, time_zone(options.time_zone))
    return CsvPlan(
        columns=columns,
        places=places,
        delimiter=delimiter,
        header=header,
        event=options.event,
        level=options.level,
        time_format=time_format,
        time_zone=options.time_zone,
        encoding=codecs.lookup(options.encoding).name,
        time=options.time,
    )


def _check(options: CsvOptions) -> None:
    for target, example in (("visitor", "user_id"), ("time", "timestamp")):
        if target not in options.mapping and not (target == "time" and options.time is not None):
            raise FootfallError(
                f"no column is mapped to {target}: add --map {target}=COLUMN, as --map {target}={example}."
            )
    if ("name" in options.mapping) == (options.event is not None):
        raise FootfallError(
            "say what each row is: either --map name=COLUMN, or --event NAME where all rows are one kind."
        )
    if options.level is not None and "level" in options.mapping:
        raise FootfallError("say either --level or --map level=COLUMN, not both.")
    if options.level not in {None, "low", "mid", "high"}:
        raise FootfallError(f"no level is named {options.level!r}: say low, mid or high.")
    try:
        plain = '\n,"'.encode(options.encoding) == b'\n,"'
    except (LookupError, UnicodeError) as error:
        raise FootfallError(f"no encoding is named {options.encoding!r}: say utf-8, latin-1, cp1252, ...") from error
    if not plain:
        raise FootfallError(f"{options.encoding} cannot be read line by line: convert the file to UTF-8 first.")


def _decoded(sample: Sequence[Line], encoding: str) -> list[str]:
    if sample and sample[0].bytes.startswith(_BYTE_ORDER_MARKS):
        raise FootfallError("it is UTF-16, which cannot be read line by line: convert the file to UTF-8 first.")
    texts: list[str] = []
    for line in sample:
        try:
            text = line.bytes.decode(encoding)
        except UnicodeError as error:
            if not texts:
                raise FootfallError(
                    f"its first line is not {encoding}: name its --encoding, such as latin-1."
                ) from error
            continue
        if text.strip():
            texts.append(text)
    if texts:
        texts[0] = texts[0].removeprefix("\ufeff")
    return texts


def _delimiter(text: str) -> str:
    delimiter = _NAMED_DELIMITERS.get(text, text)
    if delimiter != WHITESPACE and (len(delimiter) > 8 or '"' in delimiter or "\n" in delimiter or "\r" in delimiter):
        raise FootfallError(f"{text!r} is no delimiter: say ',' ';' '|' '::' tab or whitespace.")
    return delimiter


def _find_delimiter(texts: Sequence[str], options: CsvOptions) -> str:
    """The one that gives the columns that are named; else the one that gives most rows as many cells, above one."""

    def merit(delimiter: str) -> tuple[bool, int, int]:
        split = cells_reader(delimiter)
        counts = [len(cells) for text in texts if (cells := _cells(split, text))]
        names = _names(_cells(split, texts[0]))
        usual = max(set(counts), key=counts.count, default=0)
        named = len(options.columns) == usual if options.columns else set(options.mapping.values()) <= set(names)
        return named and usual > 1, counts.count(usual) if usual > 1 else 0, -DELIMITERS.index(delimiter)

    best = max(DELIMITERS, key=merit)
    if not merit(best)[1]:
        raise FootfallError(f"no delimiter is found in its first line {texts[0][:80]!r}: name it with --delimiter.")
    return best


def _cells(split: Callable[[str], list[str]], text: str) -> list[str]:
    try:
        return split(text)
    except ValueError:
        return []


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip() or f"column_{place}" for place, cell in enumerate(cells, 1))


def _columns(texts: Sequence[str], delimiter: str, options: CsvOptions) -> tuple[tuple[str, ...], bool]:
    first = _cells(cells_reader(delimiter), texts[0])
    numbered = tuple(f"column_{place}" for place in range(1, len(first) + 1))
    if options.columns:
        named = tuple(name.strip() for name in options.columns)
        same = [name.lower() for name in named] == [name.lower() for name in _names(first)]
        columns, header = named, same if options.header is None else options.header
    elif options.header is False or _only_numbered(options, numbered, _names(first)):
        columns, header = numbered, False
    else:
        columns, header = _names(first), True
    doubled = sorted({name for name in columns if columns.count(name) > 1})
    if doubled:
        raise FootfallError(f"two columns are named {doubled[0]!r}: name all columns with --columns a,b,c --header.")
    return columns, header


def _only_numbered(options: CsvOptions, numbered: Sequence[str], first: Sequence[str]) -> bool:
    """Whether the mapping speaks of column_1, column_2, ..., and the first line does not name them so itself."""
    return options.header is None and set(options.mapping.values()) <= set(numbered) - set(first)


def _place(column: str, columns: Sequence[str], first: str) -> int:
    if column in columns:
        return columns.index(column)
    raise FootfallError(
        f"there is no column {column!r}; the columns are {', '.join(columns)[:500]}. "
        "Where the first line names no columns, name them with --columns a,b,c."
    )


def _check_properties(columns: Sequence[str], places: Mapping[str, int]) -> None:
    for target in ("value", "currency"):
        if target in places and target in columns and columns.index(target) not in places.values():
            raise FootfallError(
                f"the property {target} would come from two columns, {columns[places[target]]!r} and {target!r}: "
                "rename the second with --columns a,b,c --header."
            )


def _find_time(texts: Sequence[str], delimiter: str, place: int) -> str:
    split = cells_reader(delimiter)
    rows = (_cells(split, text) for text in texts)
    return find_time_format([row[place].strip() for row in rows if place < len(row)][: SAMPLES * 2])
