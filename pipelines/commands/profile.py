"""`outturn profile new FILE`: drafts a profile and shows the first rows as they would load."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipelines.errors import ConfigurationError, OutturnError
from pipelines.formats.base import Source
from pipelines.settings import Settings


def new_profile(settings: Settings, file: Path, *, name: str | None = None) -> Iterator[str]:
    """Writes `profiles/<name>.yaml` into the data home and yields lines that say what to do and what would load.

    Raises ConfigurationError where a profile of that name stands already, RefusedFile where the file is no table.
    """
    from pipelines.formats.profile_draft import draft_profile
    from pipelines.formats.profile_frames import preview
    from pipelines.formats.profiles import read_profile
    from pipelines.formats.tabular import open_tables

    name = name or re.sub(r"[^a-z0-9]+", "_", file.name.split(".")[0].lower()).strip("_") or "profile"
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise ConfigurationError("not a name for a profile", value=name, valid="lower-case letters, digits and _")
    settings.create_home()
    target = settings.profiles / f"{name}.yaml"
    if target.exists():
        raise ConfigurationError("the profile stands already", where=str(target), remedy="choose another --name")
    with tempfile.TemporaryDirectory(dir=settings.work) as work:
        source = Source(path=file.resolve(), name=file.name, feed=None, size=file.stat().st_size)
        raw = open_tables(source, work=Path(work))[0]
        target.write_text(draft_profile(raw, name), encoding="utf-8")
        yield f"Drafted {target}: read it, correct what was guessed, fill in what is missing."
        try:
            frame = preview(read_profile(target), raw)
        except OutturnError as error:
            yield f"It does not load yet: {error.sentence()}"
            return
        yield "The first rows as they would load:"
        for row in frame.iter_rows(named=True):
            yield "  " + ", ".join(f"{column}={value!r}" for column, value in row.items() if value is not None)
