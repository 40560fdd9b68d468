"""MPX, the exchange format of Microsoft Project up to 98: recognised here, read through `mpxj`."""

from __future__ import annotations

import re

from pipelines.formats.base import Context, Source, TableRead

# MPX<sep>program<sep>version<sep>code page; the separator is that of the list in the desktop's locale
_START = re.compile(r"^MPX([,;\t])[^\r\n]{0,200}\1\d[.,]\d\1(ANSI|MAC|437|850|1252|\d+)?", re.ASCII)


def sniff(head: str) -> bool:
    """Whether a text starts like an MPX file, in any language."""
    return bool(_START.match(head)) or re.match(r"^MPX[,;\t]Microsoft Project", head) is not None


def read(source: Source, context: Context) -> list[TableRead]:
    """The canonical tables of an MPX file. Raises RefusedFile."""
    from pipelines.formats.schedules.mpxj import read_mpx

    return read_mpx(source, context)
