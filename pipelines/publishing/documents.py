"""The documents under the figures, as small files of the site: for each project what its figures are and what they add
up from, and the documents themselves by year or month. A reader's page fetches what it shows, nothing else.

Which documents there are is decided in `reports/exports/documents.sql`; what is written here is the sharding, and the
bound on the whole: millions of lines never make a site of gigabytes, the published warehouse has them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import orjson

FOLDER = "documents"

# Documents of all projects together: about 150 bytes each, so that the files stay below 200 MB.
TOTAL = 1_000_000
# Documents of one figure (project, month, measure) that are shown: the largest of these that keeps to TOTAL.
LIMITS = (2_000, 1_000, 500, 250, 100, 50, 25, 10)
# A year of a project with more documents than this is written month by month: about 200 KB a file.
YEAR = 1_500

_COLUMNS = (
    "month", "measure", "document", "about", "detail", "document_date", "amount", "currency_code", "amount_base",
    "wbs_id", "file", "source_line",
)  # fmt: skip
_FIGURES = ("month", "measure", "figure", "documents", "without_amount", "amount", "shown")


@dataclass(frozen=True, kw_only=True)
class DocumentFiles:
    """What was written: paths below the figures' folder, documents shown, and how many one figure shows at most."""

    files: list[str]
    documents: int
    limit: int


def _limit(connection: duckdb.DuckDBPyConnection, total: int) -> int:
    """How many documents of one figure are shown, so that all files together hold no more than `total`."""
    for limit in LIMITS:
        shown = connection.execute(f"select sum(least(documents, {limit})) from scratch.document_figures").fetchone()[0]
        if (shown or 0) <= total:
            return limit
    return LIMITS[-1]


def _batches(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    found = connection.cursor().execute(sql)
    while rows := found.fetchmany(20_000):
        yield from rows


def _documents(connection: duckdb.DuckDBPyConnection, limit: int) -> Iterator[tuple[Any, ...]]:
    """Project, list and row of each document that is shown, the largest of a figure first."""
    return _batches(
        connection,
        f"""
        with ranked as (
            select
                *,
                row_number() over (
                    partition by project_key, month, measure
                    order by abs(amount_base) desc nulls first, document, source_file_id, source_line, detail
                ) as place
            from scratch.documents
        ),
        shown as (
            select *, count(*) over (partition by project_key, year(month)) > {YEAR} as is_large
            from ranked
            where place <= {limit}
        )
        select
            project_key,
            strftime(month, '%Y') || case when is_large then strftime(month, '-%m') else '' end as list,
            strftime(month, '%Y-%m') as month,
            measure, document, about, detail,
            cast(document_date as varchar) as document_date,
            cast(amount as double) as amount,
            currency_code,
            cast(amount_base as double) as amount_base,
            wbs_id,
            source_file_id,
            source_line
        from shown
        order by project_key, list, month, measure, place
        """,
    )


def _files(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str, str]]:
    """Name and SHA-256 of each file by its id."""
    rows = connection.execute(
        "select source_file_id, min(file_name), min(sha256) from wh.ops.loads group by source_file_id"
    ).fetchall()
    return {key: (key, name, digest) for key, name, digest in rows if key is not None}


def _write_list(path: Path, rows: list[tuple[Any, ...]], names: dict[str, tuple[str, str, str]]) -> None:
    """A list of documents; a file's name stands once, and a document names its place among the files."""
    places: dict[str, int] = {}
    for row in rows:
        if row[12] is not None:
            places.setdefault(row[12], len(places))
    content = {
        "columns": _COLUMNS,
        "files": [names.get(key, (key, None, None)) for key in places],
        "rows": [(*row[2:12], None if row[12] is None else places[row[12]], row[13]) for row in rows],
    }
    path.write_bytes(orjson.dumps(content))


def _figures(connection: duckdb.DuckDBPyConnection, limit: int) -> Iterator[tuple[Any, ...]]:
    return _batches(
        connection,
        "select project_key, strftime(month, '%Y-%m') as month, measure, cast(figure as double), documents, "
        f"without_amount, cast(amount as double), least(documents, {limit}) from scratch.document_figures "
        "order by project_key, month, measure",
    )


def _write_index(folder: Path, named: tuple[str, str], lists: dict[str, str], rows: list[tuple[Any, ...]]) -> None:
    folder.mkdir(exist_ok=True)
    project_id, name = named
    content = {"project_id": project_id, "project_name": name, "lists": lists, "columns": _FIGURES, "rows": rows}
    (folder / "index.json").write_bytes(orjson.dumps(content))


def write_documents(connection: duckdb.DuckDBPyConnection, figures: Path, *, total: int = TOTAL) -> DocumentFiles:
    """Writes `documents/<project_key>/index.json` and its lists below `figures` (`documents/` is made).

    Needs `out.projects`, `scratch.documents` and `scratch.document_figures`. The index of a project has its figures by
    month and measure in the reporting currency, what their documents add up to and how many of them are shown, and the
    name of the list that each month stands in.
    """
    folder = figures / FOLDER
    folder.mkdir(parents=True)
    limit, names = _limit(connection, total), _files(connection)
    written: list[str] = []
    lists: dict[str, dict[str, str]] = {}
    documents = 0
    for (key, name), found in groupby(_documents(connection, limit), key=lambda row: (row[0], row[1])):
        rows = list(found)
        documents += len(rows)
        (folder / key).mkdir(exist_ok=True)
        _write_list(folder / key / f"{name}.json", rows, names)
        written.append(f"{FOLDER}/{key}/{name}.json")
        lists.setdefault(key, {}).update(dict.fromkeys((row[2] for row in rows), name))
    projects = {
        key: (project_id, name)
        for key, project_id, name in connection.execute(
            "select project_key, project_id, project_name from out.projects order by 1"
        ).fetchall()
    }
    for key, rows in groupby(_figures(connection, limit), key=lambda row: row[0]):
        _write_index(folder / key, projects.pop(key), lists.get(key, {}), [row[1:] for row in rows])
        written.append(f"{FOLDER}/{key}/index.json")
    for key, named in projects.items():
        _write_index(folder / key, named, {}, [])
        written.append(f"{FOLDER}/{key}/index.json")
    return DocumentFiles(files=written, documents=documents, limit=limit)
