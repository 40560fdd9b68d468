"""Closed months on disk: a change, a removal or a second making is found; the warehouse reads them back once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.closes import CloseChanged, closed_months, content_hash, read_back, verified
from pipelines.contracts.ddl import statements
from pipelines.publishing.snapshot import file_hash
from pipelines.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path)
    settings.create_home()
    return settings


def freeze(settings: Settings, month: str, *, mart: str, previous: str | None = None) -> str:
    """A close as `outturn close` writes it, with one mart; returns its hash."""
    folder = settings.closes / month
    folder.mkdir()
    with duckdb.connect() as connection:
        for name, sql in (("a_mart", mart), ("documents", f"select date '{month}-01' as month, 'P1' as project_id")):
            connection.execute(f"copy ({sql}) to '{folder / name}.parquet' (format parquet)")
    manifest: dict[str, Any] = {
        "month": month,
        "closed_at": "2026-11-03T05:00:00+00:00",
        "files": {path.name: file_hash(path) for path in sorted(folder.iterdir())},
        "publication": 1,
        "code_version": "0.1.0+abc",
        "input_hash": "i",
        "last_load_number": 7,
        "previous_hash": previous,
    }
    manifest["hash"] = content_hash(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return manifest["hash"]


def remember(settings: Settings) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        for statement in statements():
            connection.execute(statement)
    manifests = verified(settings)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.begin()
        read_back(settings, connection, manifests)
        connection.commit()


def rows(settings: Settings, sql: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def closed(settings: Settings) -> Settings:
    """Two closed months, the second with a column more, read back."""
    first = freeze(settings, "2026-09", mart="select date '2026-09-01' as month, 1.5::decimal(18, 2) as cost")
    later = "select date '2026-10-01' as month, 2.5::decimal(18, 2) as cost, true as is_late"
    freeze(settings, "2026-10", mart=later, previous=first)
    remember(settings)
    return settings


def test_closes_are_read_back_once_and_in_the_columns_of_all(closed: Settings) -> None:
    assert closed_months(closed) == ["2026-09", "2026-10"]
    remember(closed)
    assert rows(
        closed, "select cast(month as varchar), cost::varchar, is_late from ledger.closed_a_mart order by 1"
    ) == [
        ("2026-09-01", "1.50", None),
        ("2026-10-01", "2.50", True),
    ]
    assert rows(closed, "select cast(month as varchar), last_load_number from ledger.closes order by 1") == [
        ("2026-09-01", 7),
        ("2026-10-01", 7),
    ]
    assert rows(closed, "select count(*) from ledger.closed_documents") == [(2,)]


def _edit(path: Path, **changed: Any) -> dict[str, Any]:
    manifest = json.loads(path.read_text(encoding="utf-8")) | changed
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return manifest


def _figures(home: Settings) -> None:
    path = home.closes / "2026-09" / "a_mart.parquet"
    path.write_bytes(path.read_bytes() + b" ")


def _file_gone(home: Settings) -> None:
    (home.closes / "2026-10" / "documents.parquet").unlink()


def _file_more(home: Settings) -> None:
    (home.closes / "2026-10" / "another.parquet").touch()


def _manifest(home: Settings) -> None:
    _edit(home.closes / "2026-10" / "manifest.json", closed_at="2027-01-01T00:00:00+00:00")


def _unreadable(home: Settings) -> None:
    (home.closes / "2026-10" / "manifest.json").write_text("{", encoding="utf-8")


def _chain(home: Settings) -> None:
    path = home.closes / "2026-10" / "manifest.json"
    _edit(path, hash=content_hash(_edit(path, previous_hash=None)))


def _anew(home: Settings) -> None:
    path = home.closes / "2026-10" / "manifest.json"
    _edit(path, hash=content_hash(_edit(path, code_version="another")))


def _folder_gone(home: Settings) -> None:
    (home.closes / "2026-10").rename(home.home / "elsewhere")


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (_figures, "the close of 2026-09 was changed"),
        (_file_gone, "the close of 2026-10 was changed"),
        (_file_more, "the close of 2026-10 was changed"),
        (_manifest, "the close of 2026-10 was changed"),
        (_unreadable, "the close of 2026-10 cannot be read"),
        (_chain, "the close of 2026-10 does not follow the close before it"),
        (_anew, "the close of 2026-10 was made anew"),
        (_folder_gone, "the close of 2026-10 is gone"),
    ],
)
def test_a_close_that_is_not_what_it_was_is_named(closed: Settings, tamper: Any, said: str) -> None:
    assert len(verified(closed)) == 2
    tamper(closed)
    with pytest.raises(CloseChanged, match=said) as error:
        verified(closed)
    assert "to do" in str(error.value)
