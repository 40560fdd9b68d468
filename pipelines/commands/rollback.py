"""`outturn rollback` and `outturn publish`: which publication readers see, here and on every target."""

from __future__ import annotations

from typing import Any

from pipelines.errors import ConfigurationError, PublicationFailed
from pipelines.publishing import publications
from pipelines.publishing.audiences import publish as audiences
from pipelines.publishing.targets.deliver import Delivery, deliver_all
from pipelines.refresh_log import writer_lock
from pipelines.settings import Settings


def _wanted(settings: Settings, *, steps: int, to: int | None) -> int:
    numbers, folder = publications.numbers(settings), publications.current(settings)
    if folder is None:
        raise PublicationFailed("nothing is published yet", remedy="run a refresh first")
    if to is not None:
        if to not in numbers:
            raise ConfigurationError("no such publication", value=to, valid=[str(number) for number in numbers])
        return to
    older = [number for number in numbers if number < int(folder.name)]
    if steps > len(older):
        raise ConfigurationError(
            f"there are not {steps} publications before {int(folder.name)}",
            valid=[str(number) for number in older] or "none; [publish] keep says how many stay",
        )
    return older[-steps]


def rollback(settings: Settings, *, steps: int = 1, to: int | None = None) -> tuple[dict[str, Any], list[Delivery]]:
    """Shows readers the publication `steps` before the one they see, or number `to` (also a later one): here by one
    rename, then on every target. Returns its manifest and how the targets ended. Nothing is thrown away; the next
    refresh publishes anew.
    """
    with writer_lock(settings):
        publications.show(settings, _wanted(settings, steps=steps, to=to))
        audiences.show(settings)
        return publications.current_manifest(settings) or {}, deliver_all(settings)


def publish_again(settings: Settings) -> tuple[dict[str, Any], list[Delivery]]:
    """Makes the audiences' publications that are missing, and brings what readers see here to every target."""
    with writer_lock(settings):
        manifest = publications.current_manifest(settings)
        if manifest is None:
            raise PublicationFailed("nothing is published yet", remedy="run a refresh first")
        if audiences.behind(settings):
            audiences.publish_audiences(settings, site=bool(manifest.get("site")))
        return manifest, deliver_all(settings)
