"""Names that a physical table gives to its columns, made usable; which canonical column one means is decided later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT
from pipelines.formats.headers import normalise

# the widest exports known have about 200 columns; a file with more than this is something else, read as a table
_MOST_COLUMNS = 2000
# Exports with a title have it in a few lines; further down a line that looks like a header is data.
HEADER_WITHIN = 25
_RESERVED = ("source_line", FAULT)
_SUFFIXES = (".gz", ".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".parquet", ".jsonl", ".ndjson", ".json")

# whether the cells of a row are a header that somebody knows
IsHeader = Callable[[Sequence[str | None]], bool]


def title_left_out(lines: int) -> tuple[str, ...]:
    """The warning for what stood above a header that was looked for."""
    return (f"{lines} {'line' if lines == 1 else 'lines'} above the header left out",) if lines else ()


@dataclass(frozen=True)
class Names:
    """A name for each column of a header, None for one that is left out; what to tell about it."""

    names: list[str | None]
    warnings: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()  # names that stand several times, as normalised

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name is not None)


def column_names(cells: Sequence[str | None], *, where: str) -> Names:
    """The names of a header's columns. Columns at the end that have no name do not count.

    Some tools repeat a name, one column a value (Jira's Log Work): the second is `Log Work (2)`. Whether that matters
    is decided where the column is used. Raises RefusedFile where the cells are no header.

    >>> column_names(["a", " b ", "", "d", "A", ""], where="x.csv")
    Names(names=['a', 'b', 'column 3', 'd', 'A (2)'], warnings=(), repeated=('a',))
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
    seen: dict[str, int] = {}
    for number, spelling in enumerate(spelled, start=1):
        if spelling in _RESERVED:
            names.append(None)
            warnings.append(f"the column {spelling!r} is left out: the name is reserved")
            continue
        name = spelling or f"column {number}"
        key = normalise(name)
        seen[key] = seen.get(key, 0) + 1
        while seen[key] > 1 and normalise(f"{name} ({seen[key]})") in seen:
            seen[key] += 1
        names.append(name if seen[key] == 1 else f"{name} ({seen[key]})")
        seen.setdefault(normalise(names[-1] or ""), 1)
    return Names(names, tuple(warnings), tuple(key for key, count in seen.items() if count > 1))


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
