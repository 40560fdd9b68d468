"""`outturn profile new FILE`: drafts a profile and shows the first rows as they would load."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from pathlib import Path
from typing import Any

from pipelines.errors import ConfigurationError, OutturnError
from pipelines.formats.base import Context, RawTable, Source
from pipelines.landing.preview import Preview, PreviewCell, preview_table
from pipelines.settings import Settings


def new_profile(
    settings: Settings, file: Path, *, name: str | None = None, table: str | None = None, to_stdout: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """Writes a draft into the data home's profiles/; returns it and its preview as data and as lines.

    `<name>.yaml`, or `<name>.draft` while it is not complete: an unusable profile would stop every refresh.
    `table`: which canonical table to draft; guessed if not given. `to_stdout`: the lines are the draft itself, the
    preview as comments behind it, and nothing is written. Never overwrites: raises ConfigurationError where a profile
    of that name stands already, RefusedFile where the file is no table.
    """
    from pipelines.contracts import contracts
    from pipelines.formats.profile_draft import draft_profile
    from pipelines.formats.tabular import open_tables

    name = name or re.sub(r"[^a-z0-9]+", "_", file.name.split(".")[0].lower()).strip("_") or "profile"
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise ConfigurationError("not a name for a profile", value=name, valid="lower-case letters, digits and _")
    if table is not None and table not in contracts():
        raise ConfigurationError("not a canonical table", value=table, valid=sorted(contracts()))
    settings.create_home()
    # a draft that is not complete is no profile yet: under a name that no refresh reads
    whole, unfinished = settings.profiles / f"{name}.yaml", settings.profiles / f"{name}.draft"
    for target in (whole, unfinished):
        if target.exists() and not to_stdout:
            raise ConfigurationError("the profile stands already", where=str(target), remedy="choose another --name")
    with tempfile.TemporaryDirectory(dir=settings.work) as work:
        source = Source(path=file.resolve(), name=file.name, feed=None, size=file.stat().st_size)
        raws = open_tables(source, work=Path(work))
        raw = max(raws, key=lambda sheet: len(sheet.header))
        text = draft_profile(raw, name, table=table)
        context = Context(
            work=Path(work),
            base_currency=settings.base_currency,
            time_zone=settings.time_zone,
            options=settings.formats,
        )
        tried = _tried(raw, text, Path(work) / f"{name}.yaml", context)
    target = unfinished if tried.missing or tried.is_broken else whole
    found = {"profile": name, "path": None if to_stdout else str(target), "draft": text, **dataclasses.asdict(tried)}
    if to_stdout:
        return found, [*text.splitlines(), *(f"# {line}" for line in _lines(tried))]
    target.write_text(text, encoding="utf-8")
    said = f"Drafted {target}: read it, correct what was guessed"
    said += "." if target == whole else f", fill in what is missing, and rename it to {whole.name}."
    return found, [said, *_lines(tried)]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Tried:
    """What a draft makes of its file; `refusal`: why it cannot be read yet."""

    loads: bool
    missing: tuple[str, ...] = ()  # required columns that are still to be filled in
    refusal: str | None = None
    warnings: tuple[str, ...] = ()
    preview: Preview | None = None
    is_broken: bool = False  # not even a profile


def _tried(raw: RawTable, text: str, path: Path, context: Context) -> _Tried:
    from pipelines.formats.profile_frames import apply_profile
    from pipelines.formats.profiles import read_profile

    path.write_text(text, encoding="utf-8")
    try:
        profile = read_profile(path, is_draft=True)
    except ConfigurationError as error:
        return _Tried(loads=False, refusal=error.sentence(), is_broken=True)
    try:
        read = apply_profile(profile, raw, where=raw.name, context=context)
        preview = preview_table(read)
    except OutturnError as error:
        return _Tried(loads=False, missing=profile.missing, refusal=error.sentence())
    return _Tried(loads=not profile.missing, missing=profile.missing, warnings=read.warnings, preview=preview)


def _lines(tried: _Tried) -> list[str]:
    if tried.preview is None:
        return [f"It does not load yet: {tried.refusal}"]
    preview = tried.preview
    lines = [f"warning: {warning}" for warning in tried.warnings]
    if tried.missing:
        lines.append(f"It does not load yet, fill in: {', '.join(tried.missing)}")
    count = f"{preview.rows:,} rows" if preview.is_whole else f"the first {preview.rows:,} rows"
    rejected = f", {preview.rows_rejected:,} of them rejected" if preview.rows_rejected else ""
    amount = f"; {preview.amount_column} of all that are readable: {preview.amount}" if preview.amount_column else ""
    lines.append(f"{preview.table}: {count}{rejected}{amount}. The first rows as they would load:")
    for row in preview.first_rows:
        cells = ", ".join(f"{column}={value}" for column, value in row.values.items())
        lines.append(f"  line {row.line}: {cells or 'nothing'}")
        # what is still to be filled in is missing in every row, and said above
        lines += [f"    rejected: {_reject(cell)}" for cell in row.rejects if cell.column not in tried.missing]
    if preview.reasons:
        lines.append("Rows would be rejected for:")
    lines += [
        f"  {reason.rows:,} × {reason.column or 'the row'}: {reason.reason} (first in line {reason.line}"
        f"{f': {reason.value!r}' if reason.value is not None else ''}); to do: {reason.remedy}"
        for reason in preview.reasons
    ]
    return lines


def _reject(cell: PreviewCell) -> str:
    shown = f" {cell.value!r}" if cell.value is not None else ""
    return f"{cell.column or 'the row'}{shown}: {cell.reason}; to do: {cell.remedy}"
