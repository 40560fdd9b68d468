"""The server of the published site: right types, safe headers, nothing outside, and a swap is seen at once."""

from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.publishing.serve import make_server


@pytest.fixture
def published(tmp_path: Path) -> Path:
    for number in ("1", "2"):
        site = tmp_path / number
        (site / "projects").mkdir(parents=True)
        (site / "empty").mkdir()
        (site / "index.html").write_text(f"publication {number} " + "x" * 5000, encoding="utf-8")
        (site / "projects" / "index.html").write_text("projects", encoding="utf-8")
        (site / "engine.wasm").write_bytes(b"\0asm")
        (site / ".hidden").write_text("no", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "1" / "way-out.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "site").symlink_to("1")
    return tmp_path


@pytest.fixture
def port(published: Path) -> Iterator[int]:
    with make_server(published / "site", port=0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _get(port: int, target: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), body


def test_pages_types_and_headers(port: int) -> None:
    status, headers, body = _get(port, "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body.startswith(b"publication 1")
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Server" not in headers or "Python" not in headers["Server"]
    assert _get(port, "/engine.wasm")[1]["Content-Type"] == "application/wasm"
    assert _get(port, "/projects")[:2][0] == 301
    assert _get(port, "/projects")[1]["Location"] == "/projects/"
    assert _get(port, "/projects/?from=mail")[2] == b"projects"


def test_text_is_compressed_and_what_is_known_is_not_sent_again(port: int) -> None:
    _, headers, body = _get(port, "/", Accept_Encoding="br, gzip;q=0.8")
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < 200
    assert gzip.decompress(body).startswith(b"publication 1")
    status, _, body = _get(port, "/", If_Modified_Since=headers["Last-Modified"])
    assert (status, body) == (304, b"")
    status, headers, body = _get(port, "/", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 5000


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt", "/%2e%2e/secret.txt", "/projects/..%2f..%2f..%2fsecret.txt", "/..%5csecret.txt",
        "/way-out.txt", "/.hidden", "/empty/", "/index.html/", "/none", "/a%00b", "//etc/passwd", "/" + "a" * 5000,
    ],
)  # fmt: skip
def test_nothing_outside_hidden_or_listed_is_given(port: int, target: str) -> None:
    status, _, body = _get(port, target)
    assert status == 404
    assert b"secret" not in body
    assert b"index" not in body


def test_redirect_never_leaves_the_site(port: int) -> None:
    assert _get(port, "//projects")[1].get("Location") == "/projects/"


def test_only_reading_is_answered(port: int) -> None:
    assert _get(port, "/", "POST")[0] == 501
    assert _get(port, "/", "DELETE")[0] == 501


def test_swap_is_seen_by_the_next_request(published: Path, port: int) -> None:
    before = _get(port, "/")
    fresh = published / "fresh"
    fresh.symlink_to("2")
    fresh.replace(published / "site")
    assert before[2].startswith(b"publication 1")
    assert _get(port, "/")[2].startswith(b"publication 2")
