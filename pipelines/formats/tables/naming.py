"""Names that a physical table gives to its columns, made usable; which canonical column one means is decided later."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT

# the widest exports known have about 200 columns; a file with more than this is something else, read as a table
_MOST_COLUMNS = 2000
_RESERVED = ("source_line", FAULT)
_SUFFIXES = (".gz", ".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".parquet", ".jsonl", ".ndjson", ".json")


def column_names(cells: Sequence[str | None], *, where: str) -> tuple[list[str | None], tuple[str, ...]]:
    """A name for each column of the header, None for one that is left out, and what to tell about it.

    Columns at the end that have no name do not count. Raises RefusedFile where two columns have the same name.

    >>> column_names(["a", " b ", "", "d", ""], where="x.csv")
    (['a', 'b', 'column 3', 'd'], ())
    """
    spelled = [(cell or "").strip().lstrip("\ufeff") for cell in cells]
    while spelled and not spelled[-1]:
        spelled.pop()
    if not spelled or len(spelled) > _MOST_COLUMNS:
        raise RefusedFile(
            "the first row is not a header",
            where=where,
            value=f"{len(spelled)} columns",
            valid=f"1 to {_MOST_COLUMNS} columns with names",
        )
    names: list[str | None] = []
    warnings = []
    for number, name in enumerate(spelled, start=1):
        if name in _RESERVED:
            names.append(None)
            warnings.append(f"the column {name!r} is left out: the name is reserved")
            continue
        name = name or f"column {number}"
        if name in names:
            raise RefusedFile(
                f"the header has the column {name!r} twice",
                where=where,
                remedy="rename or delete one of them",
            )
        names.append(name)
    return names, tuple(warnings)


def stem(file_name: str) -> str:
    """The name of the one table that a file holds: its own without the known endings.

    >>> stem("time_entry_2026.10.csv.gz")
    'time_entry_2026.10'
    """
    name = PurePath(file_name).name
    for _ in range(2):
        for suffix in _SUFFIXES:
            if name.lower().endswith(suffix) and len(name) > len(suffix):
                name = name[: -len(suffix)]
                break
    return name
