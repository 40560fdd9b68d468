"""Names of columns, files and sheets: how two spellings are compared, and which canonical table a name stands for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from pipelines.contracts import contracts
from pipelines.errors import RefusedFile


def normalise(name: str) -> str:
    """The spelling that column and file names are compared in: NFKC, case folded, runs of blanks as one `_`.

    >>> normalise(" Work  Date ")
    'work_date'
    """
    return "_".join(unicodedata.normalize("NFKC", name).casefold().split())


def by_normalised(header: Iterable[str], *, where: str) -> Mapping[str, str]:
    """Normalised name -> the file's own spelling; columns without a name are left out.

    Raises RefusedFile where two columns cannot be told apart.
    """
    found: dict[str, str] = {}
    for column in header:
        name = normalise(column)
        if not name:
            continue
        if name in found:
            raise RefusedFile(
                f"the columns {found[name]!r} and {column!r} have the same name",
                where=where,
                remedy="rename or delete one of them",
            )
        found[name] = column
    return found


def table_named(name: str) -> str | None:
    """The canonical table that a file's or sheet's name stands for: T, or T followed by `.`, `_`, `-` or a blank."""
    spelled = normalise(name)
    for table in sorted(contracts(), key=len, reverse=True):  # invoice_line before invoice
        if spelled == table or spelled.startswith(tuple(table + mark for mark in "._-")):
            return table
    return None
