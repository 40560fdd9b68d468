"""`outturn close MONTH`: freezes a month: its published figures, the documents behind them, the inputs' hash and the
code's version. What a close is stands in pipelines/closes.py."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.closes import DOCUMENTS, content_hash, verified
from pipelines.commands.private import private_warehouse
from pipelines.errors import ConfigurationError, OutturnError, PublicationFailed
from pipelines.publishing.publications import current, current_manifest
from pipelines.publishing.snapshot import file_hash, fsync, write_json
from pipelines.settings import Settings
from pipelines.state import files_taken_in

# what a close is compared with is no part of it
_LEFT_OUT = "margin_restatements"


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise ConfigurationError("not a month", value=text, valid="YYYY-MM, such as 2026-10") from error


def _following(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _published(settings: Settings) -> tuple[Path, dict[str, Any]]:
    folder, manifest = current(settings), current_manifest(settings)
    if folder is None or manifest is None:
        raise PublicationFailed("nothing is published yet", remedy="run a refresh, review it, then close")
    return folder, manifest


def _may_close(month: str, manifest: dict[str, Any], closed: list[dict[str, Any]]) -> None:
    first = _month(month)
    if any(close["month"] == month for close in closed):
        raise OutturnError("the month is closed already", value=month, remedy="a closed month stays as it is")
    if closed and first != _following(_month(closed[-1]["month"])):
        raise OutturnError(
            "months are closed in their order",
            value=month,
            valid=f"{_following(_month(closed[-1]['month'])):%Y-%m}, the one after the last closed month",
        )
    as_of = datetime.fromisoformat(str(manifest["as_of"]))
    if as_of.date() < _following(first):
        raise OutturnError("the month has not ended", value=month, valid=f"months that ended before {as_of.date()}")
    if manifest["checks"]["critical"]:
        raise OutturnError("the publication has critical findings", value=manifest["checks"]["critical"])


def _is_published(connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> bool:
    """Whether the private warehouse is what the publication was made from: its files, and its build."""
    as_of = connection.execute("select value from ledger.parameters where name = 'as_of'").fetchone()
    files = files_taken_in(connection)
    return as_of is not None and as_of[0] == manifest["as_of"] and files == manifest.get("files_hash")


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _freeze_figures(warehouse: Path, folder: Path, first: date) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as published:
        models = published.execute(
            "select table_name from duckdb_columns() where schema_name = 'margin' and column_name = 'month' "
            "and table_name <> ? and not ends_with(table_name, '_as_closed') order by table_name",
            [_LEFT_OUT],
        ).fetchall()
        for (model,) in models:
            published.execute(
                f"copy (select * from margin.{model} where month = date '{first}' order by all) "
                f"to {_literal(folder / f'{model}.parquet')} (format parquet)"
            )


def _freeze_documents(private: duckdb.DuckDBPyConnection, folder: Path, first: date) -> None:
    private.execute(
        f"copy (select * from intermediate.int_restatements__documents_now where month = date '{first}' order by all) "
        f"to {_literal(folder / f'{DOCUMENTS}.parquet')} (format parquet)"
    )


def close(settings: Settings, *, month: str) -> dict[str, Any]:
    """Writes `closes/<month>/`, read-only; the next refresh reads it into the warehouse.

    Raises OutturnError where the month has not ended at the publication's as-of, is closed already or is not the one
    after the last closed month, where the publication has critical findings or something was taken in since, and where
    an earlier close was changed.
    """
    first = _month(month)
    folder, manifest = _published(settings)
    with private_warehouse(settings) as private:
        closed = verified(settings)
        _may_close(month, manifest, closed)
        if not _is_published(private, manifest):
            raise OutturnError(
                "files were taken in or models were built since the last publication",
                value=f"publication {manifest['publication']}",
                remedy="run `outturn refresh`, review what it publishes, then close",
            )
        staged = settings.closes / f".{month}"
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(parents=True)
        _freeze_figures(folder / "warehouse.duckdb", staged, first)
        _freeze_documents(private, staged, first)
        (last_load,) = private.execute("select coalesce(max(load_number), 0) from ledger.loads").fetchone()
        content = {
            "month": month,
            "closed_at": settings.now().isoformat(timespec="seconds"),
            "files": {path.name: file_hash(path) for path in sorted(staged.iterdir())},
            "publication": manifest["publication"],
            "code_version": manifest["code_version"],
            "input_hash": manifest["input_hash"],
            "last_load_number": last_load,
            "previous_hash": closed[-1]["hash"] if closed else None,
        }
        content["hash"] = content_hash(content)
        write_json(staged / "manifest.json", content)
        for path in staged.iterdir():
            path.chmod(0o400 if path.stem == DOCUMENTS else 0o444)
        # the folder is the close
        target = settings.closes / month
        staged.rename(target)
        fsync(settings.closes)
    return {**content, "folder": str(target)}
