"""A small server for the published site: static files, read only, nothing else. For one machine or behind a proxy."""

from __future__ import annotations

import gzip
from email.utils import formatdate, parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".arrow": "application/vnd.apache.arrow.stream",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
}
_COMPRESSED = {
    ".html",
    ".js",
    ".mjs",
    ".css",
    ".json",
    ".svg",
    ".wasm",
    ".arrow",
    ".csv",
    ".txt",
    ".xml",
    ".webmanifest",
}
_WORTH_IT = 1024

# The pages carry their own policy; framing is the one thing that a policy inside a page cannot forbid.
_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def resolve(directory: Path, target: str) -> Path | str | None:
    """The file that a request's target stands for; a text is where to go instead; None where there is nothing.

    `directory` is resolved anew with every call: when the link to the publication is swapped, the next request sees
    the new one. Nothing outside of what it points to is ever returned, and nothing hidden.
    """
    root = directory.resolve()
    path = unquote(urlsplit(target).path)
    parts = [part for part in path.split("/") if part]
    if "\0" in path or "\\" in path or any(part.startswith(".") for part in parts):
        return None
    found = root.joinpath(*parts)
    try:
        if not found.resolve().is_relative_to(root):
            return None
        if found.is_dir():
            if not (found / "index.html").is_file():
                return None
            if not path.endswith("/"):
                return "/".join(["", *(quote(part) for part in parts), ""])
            return found / "index.html"
        return found if found.is_file() and not path.endswith("/") else None
    except OSError:  # a name that is too long, a link that goes round in a circle
        return None


class _Handler(BaseHTTPRequestHandler):
    """GET and HEAD of the files under `directory`."""

    protocol_version = "HTTP/1.1"
    server_version = "outturn"
    sys_version = ""
    timeout = 30

    def __init__(self, *args: object, directory: Path) -> None:
        self.directory = directory
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: standard output and standard error belong to the command that serves."""

    def _send(self, status: HTTPStatus, headers: dict[str, str], body: bytes, *, with_body: bool) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, **headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _answer(self, *, with_body: bool) -> None:
        found = resolve(self.directory, self.path)
        if isinstance(found, str):
            self._send(HTTPStatus.MOVED_PERMANENTLY, {"Location": found}, b"", with_body=with_body)
            return
        if found is None:
            plain = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
            self._send(HTTPStatus.NOT_FOUND, plain, b"There is no such page.\n", with_body=with_body)
            return
        try:
            modified, body = int(found.stat().st_mtime), found.read_bytes()
        except OSError:  # gone since: an old publication was thrown away between the two steps
            self._send(HTTPStatus.NOT_FOUND, {}, b"", with_body=with_body)
            return
        # names under immutable/ hold a hash of the content; everything else may change with the next publication
        cache = "public, max-age=31536000, immutable" if "/immutable/" in self.path else "no-cache"
        headers = {
            "Content-Type": CONTENT_TYPES.get(found.suffix.lower(), "application/octet-stream"),
            "Cache-Control": cache,
            "Last-Modified": formatdate(modified, usegmt=True),
            "Vary": "Accept-Encoding",
        }
        if self._is_known(modified):
            self._send(HTTPStatus.NOT_MODIFIED, headers, b"", with_body=False)
            return
        accepts = {part.split(";")[0].strip() for part in self.headers.get("Accept-Encoding", "").split(",")}
        if "gzip" in accepts and found.suffix.lower() in _COMPRESSED and len(body) > _WORTH_IT:
            body = gzip.compress(body, compresslevel=5, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self._send(HTTPStatus.OK, headers, body, with_body=with_body)

    def _is_known(self, modified: int) -> bool:
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except (TypeError, ValueError):
            return False
        # equal, not older: after a swap the new publication's file may be the older one
        return int(since.timestamp()) == modified


def make_server(directory: Path, *, host: str = "127.0.0.1", port: int = 8080) -> ThreadingHTTPServer:
    """A server that is bound and not yet running; port 0 takes a free one."""
    server = ThreadingHTTPServer((host, port), partial(_Handler, directory=directory))
    server.daemon_threads = True
    return server


def serve(directory: Path, *, host: str = "127.0.0.1", port: int = 8080) -> None:
    """Serves `directory` until the process ends."""
    with make_server(directory, host=host, port=port) as server:
        server.serve_forever()
