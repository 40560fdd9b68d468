"""`outturn serve`: Dagster and the site answer on loopback, and both end with the command."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from tests.integration.conftest import OUTTURN

pytestmark = pytest.mark.whole


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(port: int, path: str) -> tuple[int, bytes] | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, b""
    except OSError:
        return None


def test_both_answer_and_both_end(fresh, tmp_path):
    site, dagster = free_port(), free_port()
    page = fresh.path / "published" / "site" / "index.html"
    page.parent.mkdir()
    page.write_text("<title>Portfolio</title>", encoding="utf-8")
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [OUTTURN, "--home", str(fresh.path), "serve", "--site-port", str(site), "--dagster-port", str(dagster)],
            env=fresh.environment,
            stdout=log,
            stderr=log,
        )
        try:
            deadline = time.monotonic() + 180
            while answer(dagster, "/server_info") is None and time.monotonic() < deadline:
                assert process.poll() is None, (tmp_path / "log").read_text()[-2000:]
                time.sleep(0.5)
            assert answer(site, "/") == (200, b"<title>Portfolio</title>")
            assert json.loads(answer(dagster, "/server_info")[1])["dagster_version"]
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGTERM)  # an impatient hand: twice must not hang
            assert process.wait(60) == 0
        finally:
            process.kill()
    assert answer(site, "/") is None
    assert answer(dagster, "/server_info") is None
