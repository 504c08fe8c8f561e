"""What a table that an older version made lacks of its declaration."""

from collections.abc import Sequence

from footfall.lake.tables import Column, Table


def changes(declared: Table, known: Sequence[str]) -> tuple[list[Column], list[tuple[str, Column]]]:
    """The columns to add, and those to rename, each with the name that the table knows it by.

    A renamed column keeps its field id, so the files written before are read as they are; an added one has an id that
    no file has, and is NULL in them.
    """
    missing: list[Column] = []
    renamed: list[tuple[str, Column]] = []
    for column in declared.columns:
        if column.name in known:
            continue
        before = next((name for name in column.formerly if name in known), None)
        if before is None:
            missing.append(column)
        else:
            renamed.append((before, column))
    return missing, renamed
