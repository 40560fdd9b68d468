"""Which code made a figure: the version and a hash of everything that decides what is published."""

from __future__ import annotations

import hashlib
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_PARTS = {
    "pipelines": {".py", ".yaml", ".html", ".css"},
    "data_tests": {".py", ".sql", ".yml"},
    "dbt_project": {".sql", ".yml", ".csv"},
    "reports": {".md", ".sql", ".svelte", ".yaml", ".json", ".js", ".mjs", ".css", ".svg"},
}
_LEFT_OUT = {"node_modules", ".evidence", "build", "target", "__pycache__"}


@cache
def code_version() -> str:
    """`<version>+<12 hex digits>`; the digits change with any source file of pipeline, models, checks or pages."""
    digest = hashlib.sha256()
    for part, endings in _PARTS.items():
        for path in sorted((ROOT / part).rglob("*")):
            inside = path.relative_to(ROOT)
            if path.suffix in endings and not _LEFT_OUT & set(inside.parts) and path.is_file():
                digest.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    try:
        version = metadata.version("outturn")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"{version}+{digest.hexdigest()[:12]}"


@cache
def commit() -> str | None:
    """The commit of the checkout that runs, `-dirty` where files differ from it; None outside of a repository."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    if not (ROOT / ".git").exists():
        return None
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None if found.returncode == 0 else None
