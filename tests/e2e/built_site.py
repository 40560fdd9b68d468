"""What the tests share about a built site: where it lies, and how a build is cut off from the network."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from pipelines.publishing.site import SiteBuild


@dataclass(frozen=True, kw_only=True)
class Built:
    """A finished site, the snapshot under it, and what the build said."""

    snapshot: Path
    out: Path
    result: SiteBuild
    was_offline: bool


def offline_prefix() -> list[str]:
    """What runs a command without any network, where the machine allows it."""
    command = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None:
        return []
    return command if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0 else []
