"""The report site: its packages installed once, its pages built over a snapshot, handed over only if every gate holds.

What the pages say lies in `reports/`, what data they see in `export.py`, what a fit site is in `site_gates.py`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from pipelines.errors import PublicationFailed
from pipelines.publishing import publications
from pipelines.publishing.dbt_docs import write_dbt_docs
from pipelines.publishing.export import SOURCE, Exported, export_data
from pipelines.publishing.packs.packs import write_packs
from pipelines.publishing.site_gates import log_findings, log_lines, site_findings
from pipelines.settings import Settings
from pipelines.version import ROOT, commit

REPORTS = ROOT / "reports"
_STAMP = ".installed"
_SOURCES = ("pages", "components", "static", "package.json", "evidence.config.yaml", "svelte.config.js")
_PAGES = (
    "",
    "margin",
    "forecast",
    "balances",
    "cssq",
    "projects",
    "programmes",
    "documents",
    "trust",
    "dictionary",
)
# pages that show a figure wherever any project has one
_WITH_FIGURES = ("", "margin", "forecast", "balances", "cssq", "projects", "documents", "trust", "dictionary")

# A build takes 60-70 s alone on two cores and grows by 30-75 ms a project: this is for one that hangs.
_BUILD_SECONDS = 1800
_INSTALL_SECONDS = 1800


@dataclass(frozen=True, kw_only=True)
class SiteBuild:
    """What was built."""

    pages: int
    files: int
    bytes: int
    seconds: float


def _node_bin(node_bin: Path | None) -> Path:
    """Where node and npm are: they come with the Python environment; the system's are never used."""
    folder = node_bin or Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin")
    if not shutil.which("node", path=str(folder)) or not shutil.which("npm", path=str(folder)):
        raise PublicationFailed(
            "there is no node or npm", where=str(folder), remedy="run make setup: they come with the Python environment"
        )
    return folder


def _environment(folder: Path) -> dict[str, str]:
    """The environment of a Node process: our node first, nothing sent anywhere, UTC."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("EVIDENCE_", "VITE_")) and key not in {"NODE_ENV", "NODE_OPTIONS", "NODE_PATH"}
    }
    return {
        **kept,
        "PATH": os.pathsep.join([str(folder), kept.get("PATH", os.defpath)]),
        "TZ": "UTC",
        "SEND_ANONYMOUS_USAGE_STATS": "no",
        "DO_NOT_TRACK": "1",
        "npm_config_update_notifier": "false",
        "npm_config_fund": "false",
        "npm_config_audit": "false",
    }


def _run(command: list[str], *, cwd: Path, environment: dict[str, str], log: Path, seconds: float) -> int:
    """Runs a command to its end, its output to `log`; nothing of it outlives this call."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise PublicationFailed(
                f"did not end within {seconds:.0f} s", where=" ".join(command[:3]), remedy=f"read {log}"
            ) from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def _packages_lock(kind: int) -> Iterator[None]:
    """Builds share the installed packages; an installation has them alone."""
    with (REPORTS / "package-lock.json").open("rb") as file:
        fcntl.flock(file, kind)
        yield


def _packages_hash() -> str:
    """Of everything that decides what is installed: the lock and the patch."""
    digest = hashlib.sha256()
    parts = [REPORTS / "package.json", REPORTS / "package-lock.json"]
    for path in [*parts, *sorted((REPORTS / "scripts").iterdir()), *sorted((REPORTS / "patches").iterdir())]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _is_installed() -> bool:
    stamp = REPORTS / "node_modules" / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == _packages_hash()


def _decisive(log: Path, *, lines: int = 12) -> str:
    text = log.read_text(encoding="utf-8", errors="replace")
    return " / ".join((log_findings(text) or log_lines(text)[-lines:])[:lines]) or "it said nothing"


def install_packages(*, node_bin: Path | None = None) -> bool:
    """Installs the site's packages exactly as locked and patches them; False where they stand already.

    Scripts of packages do not run. This is the only step that needs a network.
    """
    folder = _node_bin(node_bin)
    with _packages_lock(fcntl.LOCK_EX):
        stamp = REPORTS / "node_modules" / _STAMP
        if _is_installed():
            stamp.touch()  # make compares times, not hashes
            return False
        log = REPORTS / "node_modules.log"
        environment = _environment(folder)
        steps = (
            ("npm ci", [str(folder / "npm"), "ci", "--ignore-scripts", "--no-progress"]),
            ("the patch", [str(folder / "node"), str(REPORTS / "scripts" / "patch-universal-sql.mjs")]),
        )
        try:
            for name, command in steps:
                code = _run(command, cwd=REPORTS, environment=environment, log=log, seconds=_INSTALL_SECONDS)
                if code != 0:
                    raise PublicationFailed(
                        f"{name} failed with exit code {code}: {_decisive(log)}",
                        where=str(REPORTS),
                        remedy="the package registry must be reachable once",
                    )
        finally:
            log.unlink(missing_ok=True)
        stamp.write_text(_packages_hash() + "\n", encoding="ascii")
    return True


def _prepare(tree: Path, snapshot: Path, previous: Path | None) -> Exported:
    """Makes the build tree anew: sources, packages, data. Nothing of an earlier build is left to be published again."""
    if tree.exists():
        shutil.rmtree(tree)
    tree.mkdir(parents=True)
    for name in _SOURCES:
        source = REPORTS / name
        if source.is_dir():
            shutil.copytree(source, tree / name)
        else:
            shutil.copy2(source, tree / name)
    # a link: the packages are 630 MB, and every home's build reads the same ones
    (tree / "node_modules").symlink_to(REPORTS / "node_modules", target_is_directory=True)
    data = tree / ".evidence" / "template" / "static" / "data"
    figures = tree / "static" / "figures"
    return export_data(snapshot, data, queries=REPORTS / "exports", figures=figures, previous=previous)


def _strip_data(build: Path) -> None:
    """Every query was answered while building; the file that answered them stays at home."""
    shutil.rmtree(build / "data")
    (build / "data").mkdir()
    (build / "data" / "manifest.json").write_text(json.dumps({"renderedFiles": {SOURCE: []}}), encoding="utf-8")


def _fail(findings: list[str], *, log: Path) -> PublicationFailed:
    shown = "; ".join(findings[:8]) + (f"; and {len(findings) - 8} more" if len(findings) > 8 else "")
    return PublicationFailed(f"the site is not fit to be shown: {shown}", where=str(log))


def _with_figures(exported: Exported) -> list[str]:
    """Pages that must show a figure: none where no project has any yet."""
    of_projects = [f"projects/{key}" for key in exported.with_figures]
    return [*_WITH_FIGURES, *of_projects] if of_projects else []


def _provenance(settings: Settings) -> dict[str, Any]:
    """The number that this publication will have, the commit of the code, and the publications before it."""
    earlier = publications.manifests(settings)
    return {
        "publication": max((manifest["publication"] for manifest in earlier), default=0) + 1,
        "commit": commit(),
        "earlier": [
            {
                "publication": manifest["publication"],
                "published_at": manifest.get("published_at"),
                "as_of": manifest.get("as_of"),
                "code_version": manifest.get("code_version"),
                "input_hash": (manifest.get("input_hash") or "")[:12],
                "warnings": manifest.get("checks", {}).get("warnings"),
            }
            for manifest in reversed(earlier)
        ],
    }


def build_site(
    settings: Settings,
    *,
    snapshot: Path,
    out: Path,
    data_docs: Path | None,
    dbt_manifest: Path | None = None,
    previous: Path | None = None,
) -> SiteBuild:
    """Builds the site over `snapshot` and puts it at `out`, which must not be there yet.

    Raises PublicationFailed with what decides it where the build or a gate fails; `out` is then not made.
    `data_docs`: folder of the data docs, published as they are under `data-docs/`. The packs lie under `packs/`.
    `dbt_manifest`: dbt's manifest of the build behind the snapshot, from which the published models are described under
    `dbt-docs/`.
    `previous`: the snapshot that readers see so far; the site says what has changed since.
    """
    started = time.monotonic()
    folder = _node_bin(None)
    if not _is_installed():
        install_packages()
    tree, log = settings.work / "site", settings.work / "site.log"
    settings.work.mkdir(parents=True, exist_ok=True)
    exported = _prepare(tree, snapshot, previous)
    # a page that nothing links to stops the build
    if not exported.project_keys:
        (tree / "pages" / "projects" / "[project].md").unlink()
    if not exported.programme_keys:
        (tree / "pages" / "programmes" / "[programme].md").unlink()
    about = {
        **exported.about,
        "has_data_docs": data_docs is not None,
        "has_dbt_docs": dbt_manifest is not None,
        "has_packs": True,
    }
    (tree / "components" / "about.json").write_text(json.dumps(about), encoding="utf-8")
    (tree / "components" / "provenance.json").write_bytes(orjson.dumps(_provenance(settings)))
    (tree / "components" / "scope.json").write_bytes(orjson.dumps(exported.scope))
    with _packages_lock(fcntl.LOCK_SH):
        code = _run(
            [str(folder / "node"), "node_modules/@evidence-dev/evidence/cli.js", "build:strict"],
            cwd=tree,
            # npx, which Evidence starts vite with, writes its logs into npm's cache: not into the user's home
            environment={**_environment(folder), "npm_config_cache": str(settings.work / "npm")},
            log=log,
            seconds=_BUILD_SECONDS,
        )
    build = tree / "build"
    findings = log_findings(log.read_text(encoding="utf-8", errors="replace"))
    if code != 0 or not build.is_dir():
        raise _fail(findings or [f"the build ended with exit code {code}", _decisive(log)], log=log)
    _strip_data(build)
    pages = [*_PAGES, *(f"projects/{key}" for key in exported.project_keys)]
    pages += [f"programmes/{key}" for key in exported.programme_keys]
    if dbt_manifest is not None:
        write_dbt_docs(dbt_manifest, build / "dbt-docs", snapshot=snapshot, as_of=about["as_of"])
    findings += site_findings(
        build,
        as_of=about["as_of"],
        expected=pages,
        with_figures=_with_figures(exported),
        files=[f"figures/{name}" for name in exported.figure_files],
    )
    if findings:
        raise _fail(findings, log=log)
    write_packs(snapshot, build / "packs")
    if data_docs is not None:
        shutil.copytree(data_docs, build / "data-docs")
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(build, out)
    shutil.rmtree(tree)
    files = [path for path in out.rglob("*") if path.is_file()]
    return SiteBuild(
        pages=len(pages),
        files=len(files),
        bytes=sum(path.stat().st_size for path in files),
        seconds=time.monotonic() - started,
    )
