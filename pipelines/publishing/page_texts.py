"""What one page of a project or of a programme is made of: the rows of its sections, packed into one text a page.

A page with a query for each of its tables costs the build that many queries a page; a page with one query that brings
one text costs one. The text is JSON, `{"<section>": {"columns": [...], "rows": [[...], ...]}}`; a page reads it and
shows its values as text. No SELECT of a section is here (`reports/exports`), no layout.
"""

from __future__ import annotations

from pathlib import Path

import duckdb


def _section(connection: duckdb.DuckDBPyConnection, table: str, *, key: str, name: str, where: str) -> str:
    """A SELECT of `key` and `text`: one section's part of each page's text, without the braces around all of it."""
    described = [row[0] for row in connection.execute(f'describe out."{table}"').fetchall()]
    columns = [column for column in described if column != key]
    names = ",".join(f'"{column}"' for column in columns)
    values = ", ".join(f'"{column}"' for column in columns)
    return (
        f'select "{key}" as key, \'"{name}":{{"columns":[{names}],"rows":[\' '
        f"|| string_agg(cast(json_array({values}) as varchar), ',' order by rowid) || ']}}' as text "
        f'from out."{table}" where {where} group by "{key}"'
    )


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {row[0] for row in connection.execute(f'describe out."{table}"').fetchall()}


def _joined(parts: list[str], *, keys: str) -> str:
    """A SELECT of `key` and `content`: the parts of a page in their order, as one JSON object."""
    joins = " ".join(f"left join ({part}) as s{n} on k.key = s{n}.key" for n, part in enumerate(parts))
    texts = ", ".join(f"s{n}.text" for n in range(len(parts)))
    return f"select k.key, '{{' || concat_ws(',', {texts}) || '}}' as content from ({keys}) as k {joins} order by k.key"


def pack_pages(connection: duckdb.DuckDBPyConnection, *, kind: str, sections: tuple[str, ...], figures: Path) -> None:
    """Makes `out.<kind>_pages`, one row a page with its text, and writes what the other months say under `figures`.

    `kind`: project or programme; the sections are `out.<kind>_<section>`, each with a column `<kind>_key`. Of a section
    with a column `month` and not only months of a chart (`series`, `earned`), the text holds the default month as it is
    now, and `figures/<kind>/<key>.json` every month.
    """
    key, table = f"{kind}_key", f"{kind}_pages"
    keys = f'select "{key}" as key from out.{kind}s'
    whole = {"series", "earned", "planned_hours", "exceptions"}
    shown, monthly = [], []
    for name in sections:
        source = f"{kind}_{name}"
        columns = _columns(connection, source)
        where = "true"
        if "month" in columns and name not in whole:
            where = "month = (select month from out.default_month)"
            where += " and basis = 'now'" if "basis" in columns else ""
            monthly.append(_section(connection, source, key=key, name=name, where="true"))
        shown.append(_section(connection, source, key=key, name=name, where=where))
    connection.execute(f'create table out."{table}" as {_joined(shown, keys=keys)}')
    connection.execute(f'alter table out."{table}" rename column key to {key}')
    folder = figures / kind
    folder.mkdir(parents=True)
    found = connection.execute(_joined(monthly, keys=keys))
    while rows := found.fetchmany(50):
        for name, content in rows:
            (folder / f"{name}.json").write_text(content, encoding="utf-8")


def drop_sections(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """Takes the sections out of the data file once every page has its text."""
    for table in tables:
        connection.execute(f'drop table out."{table}"')
