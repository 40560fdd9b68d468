"""SAF-T Financial (OECD family: Norway 1.0 to 1.30 and 2.0, Portugal 1.04_01, and others by the same skeleton).

`read` takes a file of any size in one pass and gives `gl_balance`, `cost_line`, `account`, `customer`, `invoice`,
`invoice_line` and, if wanted, `exchange_rate`. docs/formats.md says what comes from where.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipelines.formats.base import Context, Read, Source
from pipelines.formats.saft.options import read_options
from pipelines.formats.saft.result import Result
from pipelines.formats.saft.walk import Walk
from pipelines.formats.xml_stream import root

__all__ = ["read"]


def read(source: Source, context: Context) -> Read:
    """The canonical tables of a SAF-T file.

    Raises RefusedFile where the control totals disagree, the currency or the company is not clear, or it holds nothing.
    """
    options = read_options(context)
    namespace = root(source.path, where=source.name).tag.partition("}")[0].lstrip("{")
    namespace = "" if namespace == "AuditFile" else namespace
    context.work.mkdir(parents=True, exist_ok=True)
    walk = Walk(
        folder=Path(tempfile.mkdtemp(prefix="saft-", dir=context.work)),
        project_type=options.project_type,
        posting_date=options.posting_date,
        keeps_foreign=options.exchange_rates,
    )
    walk.run(source)
    return Result(source, options, walk, namespace).tables()
