"""What follows the swap: the audiences' publications and the targets. Neither can undo what is published here."""

from __future__ import annotations

from pipelines.errors import TargetFailed
from pipelines.publishing.audiences import publish as audiences
from pipelines.publishing.publications import current_manifest
from pipelines.publishing.targets import deliver
from pipelines.settings import Settings


def behind(settings: Settings) -> list[str]:
    """Audiences and targets that do not show what readers see here, in words."""
    return [*(f"audience {name}" for name in audiences.behind(settings)), *deliver.behind(settings)]


def bring_up_to_date(settings: Settings, *, site: bool) -> None:
    """Publishes for the audiences and brings everything to its targets; the writer's lock must be held.

    Raises TargetFailed, naming each, where one failed.
    """
    if audiences.behind(settings):
        audiences.publish_audiences(settings, site=site)
    deliver.deliver_all(settings)
    require(settings)


def require(settings: Settings) -> None:
    """Raises TargetFailed, naming each, where an audience or a target failed the last time."""
    failed = [
        f"for audience {row['audience']} ({row['message']})"
        for row in audiences.outcomes(settings)
        if row["status"] == "failed"
    ]
    failed += [
        f"on {row['target']} ({row['message']}; {row['attempts']} tries)"
        for row in deliver.deliveries(settings)
        if row["status"] == "failed"
    ]
    if failed:
        number = (current_manifest(settings) or {}).get("publication")
        raise TargetFailed(
            f"publication {number} is published here, but not " + "; not ".join(failed),
            remedy="mend it; the next refresh tries again, or `outturn publish` at once",
        )
