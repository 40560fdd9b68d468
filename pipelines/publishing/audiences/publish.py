"""A publication for each audience: filtered snapshot, site over it, swapped in under `published/audiences/<name>`.

Made from the publication that readers see, after it was swapped in: an audience that fails keeps its former
publication and harms nobody else's.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipelines.errors import OutturnError, sentence_of
from pipelines.publishing import publications
from pipelines.publishing.audiences.filtering import Filtered, filter_snapshot
from pipelines.publishing.snapshot import staged_path, write_json
from pipelines.settings import Audience, Settings

_CARRIED = ("refresh_id", "published_at", "as_of", "base_currency", "code_version", "input_hash", "files_hash")


@dataclass(frozen=True, kw_only=True)
class AudiencePublished:
    """How an audience's publication ended; `publication` is its own number, `of` the one that it was made from."""

    audience: str
    status: str
    of: int
    publication: int | None = None
    message: str | None = None


def settings_of(settings: Settings, audience: Audience) -> Settings:
    """The settings with the audience's folder in the place of `published` and its targets in that of the home's."""
    folder = settings.published / "audiences" / audience.folder
    return replace(settings, published_folder=folder, targets=audience.targets, audiences=())


def _choice(audience: Audience) -> dict[str, tuple[str, ...]]:
    columns = {"customer": "customer_id", "programme": "programme_id"}
    return {columns.get(key, key): values for key, values in audience.sees.items()}


def _manifest(whole: dict[str, Any], audience: Audience, filtered: Filtered) -> dict[str, Any]:
    return {
        **{key: whole.get(key) for key in _CARRIED},
        "checks": whole.get("checks"),
        "tables": filtered.rows,
        "audience": audience.name,
        "sees": {key: list(values) for key, values in audience.sees.items()},
        "of_publication": whole["publication"],
        "left_out": filtered.left_out,
        "withheld_rows": filtered.withheld,
    }


def _site(settings: Settings) -> dict[str, Any]:
    from pipelines.publishing.site import build_site

    out = publications.staged_site_path(settings)
    shutil.rmtree(out, ignore_errors=True)
    # no data docs: they tell what failed in which rows of everybody's
    built = build_site(settings, snapshot=staged_path(settings), out=out, data_docs=None)
    return {"pages": built.pages, "files": built.files, "bytes": built.bytes, "seconds": round(built.seconds, 1)}


def publish_audience(settings: Settings, audience: Audience, *, site: bool) -> int:
    """Publishes what the audience may see of the publication that readers see now; returns its number.

    Raises OutturnError where the filter names nothing that there is, or the site cannot be built.
    """
    whole, folder = publications.current_manifest(settings), publications.current(settings)
    if whole is None or folder is None:
        raise OutturnError("nothing is published yet", remedy="run a refresh first")
    own = settings_of(settings, audience)
    own.published.mkdir(parents=True, exist_ok=True)
    for path in (own.published.parent, own.published):
        path.chmod(0o755)
    staged = staged_path(own)
    if staged.parent.exists():
        shutil.rmtree(staged.parent)
    filtered = filter_snapshot(
        folder / "warehouse.duckdb", staged, choice=_choice(audience), where=f"outturn.toml, audience {audience.name}"
    )
    built = _site(own) if site else None
    made = publications.publish(own, manifest=_manifest(whole, audience, filtered), site=built)
    return int(made.name)


def _state(settings: Settings) -> Any:
    return settings.warehouse_dir / "audiences.json"


def outcomes(settings: Settings) -> list[dict[str, Any]]:
    """How the last publication for each audience ended; empty before the first."""
    with contextlib.suppress(FileNotFoundError):
        return json.loads(_state(settings).read_text(encoding="utf-8"))
    return []


def behind(settings: Settings) -> list[str]:
    """Names of the audiences whose publication was not made from the one that readers see."""
    whole = publications.current_manifest(settings)
    found = []
    for audience in settings.audiences if whole else ():
        own = publications.current_manifest(settings_of(settings, audience))
        if own is None or own["of_publication"] != whole["publication"]:
            found.append(audience.name)
    return found


def publish_audiences(settings: Settings, *, site: bool) -> list[AudiencePublished]:
    """Publishes for every audience, one after the other; the writer's lock must be held. Never raises for one."""
    whole = publications.current_manifest(settings) or {}
    done = []
    for audience in settings.audiences:
        try:
            number = publish_audience(settings, audience, site=site)
        except Exception as error:
            says = sentence_of(error)
            done.append(
                AudiencePublished(audience=audience.name, status="failed", of=whole.get("publication", 0), message=says)
            )
        else:
            done.append(
                AudiencePublished(
                    audience=audience.name, status="published", of=whole["publication"], publication=number
                )
            )
    if settings.audiences or outcomes(settings):
        write_json(_state(settings), [asdict(one) for one in done])
    _remove_former(settings)
    return done


def _remove_former(settings: Settings) -> None:
    """An audience that is no longer configured is no longer published."""
    root = settings.published / "audiences"
    known = {audience.folder for audience in settings.audiences}
    for folder in root.iterdir() if root.exists() else ():
        if folder.name not in known:
            shutil.rmtree(folder)


def show(settings: Settings) -> None:
    """After going back: each audience sees the newest of its publications that is not newer than the whole one."""
    whole = publications.current_manifest(settings) or {}
    for audience in settings.audiences:
        own = settings_of(settings, audience)
        root = own.published / "publications"
        made_of = {
            number: json.loads((root / f"{number:06d}" / "manifest.json").read_text(encoding="utf-8"))["of_publication"]
            for number in publications.numbers(own)
        }
        older = [number for number, of in made_of.items() if of <= whole.get("publication", 0)]
        if older:
            publications.show(own, max(older, key=lambda number: (made_of[number], number)))
