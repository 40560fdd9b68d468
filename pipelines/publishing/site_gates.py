"""What a built site must be before anybody sees it. Reads the build's log and its files; builds nothing.

The site generator ends well where a page's SQL is broken and puts a red box on the page, so its exit code proves
little. Text that came with the data is never taken for a finding: a project may be called "NaN".
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

import orjson

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LOG_ERROR = re.compile(
    r"Error in |\bError:|\| Error|Error!|\bERR_|Missing pages|Not found:|Build failed|\[500\]|\[404\]"
)
_NO_FIGURE = re.compile(r"\bNaN\b|\bInfinity\b|\bundefined\b|\bnull\b|\[object |\b1970\b")
# classes of Evidence's own boxes for a failed or empty component
_ERROR_BOX = re.compile(r"\bborder-negative\b|\bbg-negative\b")
_EXTERNAL = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_CSS_EXTERNAL = re.compile(r"""(?:url\(|@import)\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)
_JS_EXTERNAL = re.compile(
    r"""(?:\bfetch\(|\bimport\(|\bimportScripts\(|new (?:Shared)?Worker\(|new WebSocket\(|new EventSource\(|"""
    r"""sendBeacon\(|\bfrom)\s*["'`](?:https?|wss?):"""
)
_LOADING = {
    "script": ("src",), "img": ("src", "srcset"), "iframe": ("src",), "source": ("src", "srcset"), "video": ("src",),
    "audio": ("src",), "embed": ("src",), "object": ("data",), "link": ("href",), "form": ("action",),
    "base": ("href",),
}  # fmt: skip
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def log_lines(log: str) -> list[str]:
    return [line.rstrip() for line in _ANSI.sub("", log).splitlines() if line.strip()]


def log_findings(log: str) -> list[str]:
    """The lines of a build's log that tell of a failure, each once."""
    return list(dict.fromkeys(line.strip() for line in log_lines(log) if _LOG_ERROR.search(line)))


class _Page(HTMLParser):
    """One page: its policy, its inline scripts, its figures, its stamp, what it loads, its error boxes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.policy: str | None = None
        self.scripts: list[str] = []
        self.stamp: str | None = None
        self.findings: list[str] = []
        self.figures = 0
        self._open: list[tuple[str, str | None]] = []
        self._script: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "meta" and found.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = found.get("content", "")
        # a block of data (application/json) is not run, whatever is in it
        if tag == "script" and "src" not in found and found.get("type", "module") in {"module", "text/javascript", ""}:
            self._script = []
        self.figures += "data-figure" in found
        if found.get("data-testid") == "as-of":
            self.stamp = found.get("data-as-of")
        if _ERROR_BOX.search(found.get("class", "")):
            self.findings.append(f"an error box: <{tag} class={found['class'][:80]!r}>")
        for name in _LOADING.get(tag, ()):
            if _EXTERNAL.match(found.get(name, "")):
                self.findings.append(f"<{tag}> asks another host: {found[name][:120]}")
        if "style" in found and _CSS_EXTERNAL.search(found["style"]):
            self.findings.append(f"<{tag}> asks another host in its style: {found['style'][:120]}")
        handlers = [name for name in found if name.startswith("on")]
        if handlers:
            self.findings.append(f"<{tag}> runs a script of its own: {handlers[0]}")
        if tag not in _VOID:
            self._open.append((tag, found.get("data-figure")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self.scripts.append("".join(self._script))
            self._script = None
        while self._open:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)
            return
        figure = next((figure for _, figure in reversed(self._open) if figure is not None), None)
        if figure is not None and _NO_FIGURE.search(data):
            self.findings.append(f"no figure where {figure} should be: {data.strip()[:40]!r}")


def page_findings(html: str, *, as_of: str, with_figures: bool = False) -> list[str]:
    """What is wrong with one page; `with_figures`: it must show at least one."""
    page = _Page()
    page.feed(html)
    page.close()
    findings = list(page.findings)
    if page.policy is None:
        findings.append("no content security policy")
    else:
        for script in page.scripts:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            if script and f"'sha256-{digest}'" not in page.policy:
                findings.append(f"an inline script that the policy does not know: {script.strip()[:80]!r}")
        for unsafe in ("'unsafe-eval'", "http:", "https:", "*"):
            if unsafe in page.policy.replace("'unsafe-inline'", ""):
                findings.append(f"the policy allows {unsafe}")
    if with_figures and not page.figures:
        findings.append("shows no figure, though there are some to show")
    if page.stamp != as_of:
        findings.append(f"the stamp says {page.stamp!r} instead of {as_of!r}")
    return findings


def _file_finding(path: Path) -> str | None:
    """What is wrong with a file of figures that a page fetches."""
    if not path.is_file():
        return "was not made"
    try:
        content = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        return "is no JSON"
    return None if isinstance(content.get("rows"), list) and content.get("columns") else "holds no columns and rows"


def site_findings(
    site: Path,
    *,
    as_of: str,
    expected: Iterable[str],
    with_figures: Iterable[str] = (),
    files: Iterable[str] = (),
) -> list[str]:
    """What is wrong with a built site, a line each, the page first; empty where it is fit to be shown.

    `expected`: addresses of pages that must be there, such as `projects/P-1`; `with_figures`: those that must show a
    figure; `files`: the figures that pages fetch, as paths below the site.
    """
    findings = [
        f"{address or 'the first page'}: was not built"
        for address in expected
        if not (site / address / "index.html").is_file()
    ]
    findings += [f"{name}: {finding}" for name in files if (finding := _file_finding(site / name))]
    showing = {site / address / "index.html" for address in with_figures}
    for path in sorted(site.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        found = page_findings(html, as_of=as_of, with_figures=path in showing)
        findings += [f"{path.relative_to(site)}: {finding}" for finding in found]
    for path in sorted(site.rglob("*")):
        if path.suffix in {".js", ".mjs", ".css"}:
            pattern = _CSS_EXTERNAL if path.suffix == ".css" else _JS_EXTERNAL
            if match := pattern.search(path.read_text(encoding="utf-8")):
                findings.append(f"{path.relative_to(site)}: asks another host: {match[0]}")
        elif path.suffix in {".wasm", ".duckdb", ".parquet"}:
            findings.append(f"{path.relative_to(site)}: data or an engine that no page needs")
    return findings
