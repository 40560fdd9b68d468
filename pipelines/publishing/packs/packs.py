"""Writes all packs of a snapshot into a folder, with an index of what is there."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from pipelines.errors import PublicationFailed
from pipelines.publishing.packs import words
from pipelines.publishing.packs.data import Pack, read_packs
from pipelines.publishing.packs.document import write_document
from pipelines.publishing.packs.workbook import write_workbook

INDEX = "index.json"
_WRITERS: tuple[tuple[str, str, Callable[..., None]], ...] = (
    ("xlsx", "Excel", write_workbook),
    ("pdf", "PDF", write_document),
)


def _write(pack: Pack, out: Path) -> list[dict[str, object]]:
    """The two files of a pack, and what the index says of them."""
    entries: list[dict[str, object]] = []
    for ending, title, writer in _WRITERS:
        path = out / (f"portfolio.{ending}" if pack.is_portfolio else f"programmes/{pack.key}.{ending}")
        path.parent.mkdir(exist_ok=True)
        try:
            writer(path, pack=pack)
        except Exception as error:
            said = (str(error).splitlines() or [""])[0]
            raise PublicationFailed(
                f"the {title} pack cannot be written: {type(error).__name__}: {said}",
                where=path.relative_to(out).as_posix(),
                value=pack.title,
            ) from error
        content = path.read_bytes()
        entries.append(
            {
                "name": path.relative_to(out).as_posix(),
                "title": words.one_line(pack.title),
                "kind": "portfolio" if pack.is_portfolio else "programme",
                "format": title,
                "projects": pack.projects,
                "month": pack.month.isoformat() if pack.month else None,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
    return entries


def write_packs(snapshot: Path, out: Path, *, only: frozenset[str] | None = None) -> list[dict[str, object]]:
    """Writes `portfolio.xlsx` and `.pdf`, `programmes/<key>.xlsx` and `.pdf`, and `index.json` into `out`, made anew.

    The same snapshot gives the same bytes. `only`: the keys of the packs to write (the portfolio's is empty).

    Returns the entries of the index: name, title, kind, format, projects, month, bytes, sha256.

    Raises PublicationFailed where the snapshot lacks what a pack is made of, or a pack cannot be written; says which.
    """
    packs = read_packs(snapshot)
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    entries = [entry for pack in packs if only is None or pack.key in only for entry in _write(pack, out)]
    text = json.dumps({"files": entries}, ensure_ascii=False, indent=1)
    (out / INDEX).write_text(text + "\n", encoding="utf-8")
    return entries
