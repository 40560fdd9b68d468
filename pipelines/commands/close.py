"""`outturn close MONTH`: freezes a month: its published figures, the inputs' hash and the code's version."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipelines.errors import ConfigurationError, OutturnError, PublicationFailed
from pipelines.publishing.publications import current, current_manifest
from pipelines.publishing.snapshot import file_hash, write_json
from pipelines.settings import Settings


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise ConfigurationError("not a month", value=text, valid="YYYY-MM, such as 2026-10") from error


def close(settings: Settings, *, month: str) -> dict[str, Any]:
    """Writes `closes/<month>/` (figures of the month as Parquet, manifest), read-only.

    Raises OutturnError where the month has not ended at the publication's as-of, is closed already, or the
    publication has critical findings.
    """
    import duckdb

    first = _month(month)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    folder, manifest = current(settings), current_manifest(settings)
    if folder is None or manifest is None:
        raise PublicationFailed("nothing is published yet", remedy="run a refresh, review it, then close")
    as_of = datetime.fromisoformat(str(manifest["as_of"]))
    if as_of.date() < following:
        raise OutturnError("the month has not ended", value=month, valid=f"months that ended before {as_of.date()}")
    target = settings.closes / month
    if target.exists():
        raise OutturnError("the month is closed already", where=str(target), remedy="a closed month stays as it is")
    if manifest["checks"]["critical"]:
        raise OutturnError("the publication has critical findings", value=manifest["checks"]["critical"])
    staged = settings.closes / f".{month}"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    files: dict[str, str] = {}
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as published:
        models = published.execute(
            "select table_name from duckdb_columns() where schema_name = 'margin' and column_name = 'month' "
            "order by table_name"
        ).fetchall()
        for (model,) in models:
            path = staged / f"{model}.parquet"
            place = str(path).replace("'", "''")
            published.execute(
                f"copy (select * from margin.{model} where month = date '{first}' order by all) "
                f"to '{place}' (format parquet)"
            )
            files[model] = file_hash(path)
    digest = hashlib.sha256("\n".join(f"{name} {value}" for name, value in sorted(files.items())).encode()).hexdigest()
    content = {
        "month": month,
        "closed_at": settings.now().isoformat(timespec="seconds"),
        "hash": digest,
        "files": files,
        "publication": manifest["publication"],
        "code_version": manifest["code_version"],
        "input_hash": manifest["input_hash"],
    }
    write_json(staged / "manifest.json", content)
    for path in staged.iterdir():
        path.chmod(0o444)
    # the folder is the close; the next refresh reads it into ops.closes
    staged.rename(target)
    return {**content, "folder": str(Path(target))}
