"""DATEV format (EXTF of other programmes, DTVF of DATEV's own): Buchungsstapel, captions of accounts, customers.

docs/formats.md says what comes from where, and what is done with tax keys.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipelines.errors import RefusedFile
from pipelines.formats.base import Context, Read, Source
from pipelines.formats.datev.header import CATEGORIES, MAGIC
from pipelines.formats.datev.masters import captions, partners
from pipelines.formats.datev.options import read_options
from pipelines.formats.datev.stack import read_stack
from pipelines.formats.datev.table import read_table

__all__ = ["read", "sniff"]


def sniff(head: str) -> bool:
    """Whether a text starts with DATEV's header."""
    return MAGIC.match(head) is not None


def read(source: Source, context: Context) -> Read:
    """The canonical tables of a DATEV file. Raises RefusedFile for a category that no table holds."""
    options = read_options(context)
    context.work.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="datev-", dir=context.work))
    table = read_table(source, work=work)
    match table.header.category:
        case 21:
            return read_stack(table, options, where=source.name, work=work)
        case 20:
            return captions(table, options, where=source.name)
        case 16:
            return partners(table, where=source.name)
    name = CATEGORIES.get(table.header.category, table.header.name)
    raise RefusedFile(
        f"a DATEV file of the category {table.header.category} ({name[:60]}), which holds nothing for a project",
        where=source.name,
        valid="21 Buchungsstapel, 20 Kontenbeschriftungen, 16 Debitoren/Kreditoren",
        remedy="export the Buchungsstapel",
    )
