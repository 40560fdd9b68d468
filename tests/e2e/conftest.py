"""One build of the site over the fixture's snapshot, served on loopback, opened in headless Chromium."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.publishing import site as site_module
from pipelines.publishing.serve import make_server
from pipelines.publishing.site import build_site, install_packages
from pipelines.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))

from built_site import Built, offline_prefix
from fixture_dbt import write_manifest
from fixture_home import write_previous
from fixture_snapshot import _contracts, write_snapshot

_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def packages() -> None:
    install_packages()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, packages: None) -> Built:
    home = tmp_path_factory.mktemp("home")
    snapshot = write_snapshot(home / "warehouse.duckdb")
    previous = write_previous(snapshot, home / "previous.duckdb")
    docs = home / "docs"
    docs.mkdir()
    (docs / "index.html").write_text("<!doctype html><title>docs</title><p>docs</p>", encoding="utf-8")
    prefix, run = offline_prefix(), site_module._run
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_module, "_run", lambda command, **rest: run([*prefix, *command], **rest))
        result = build_site(
            Settings(home=home),
            snapshot=snapshot,
            out=home / "out",
            data_docs=docs,
            previous=previous,
            dbt_manifest=write_manifest(home / "manifest.json", _contracts()),
        )
    return Built(snapshot=snapshot, out=home / "out", result=result, was_offline=bool(prefix))


@pytest.fixture(scope="session")
def address(built: Built) -> Iterator[str]:
    with make_server(built.out, port=0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("no chromium on PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=executable, headless=True, args=_FLAGS)
        yield instance
        instance.close()
