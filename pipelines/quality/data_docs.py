"""The data docs: pages of Great Expectations about the last result of every suite, made fit to be published.

Its renderers write what each table was expected to be and what was observed. Its page frame is not used: that loads
scripts, styles and fonts from seven hosts, and draws its index in the browser. The frame here is one stylesheet
beside the pages and no script, so no request leaves the site.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from pipelines.errors import PublicationFailed
from pipelines.quality.results import CheckResult, GateResult, load_results
from pipelines.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"

_OUTSIDE = re.compile(r"<(?:script|iframe|object|embed)\b|\b(?:src|href)\s*=\s*[\"']?\s*(?:[a-z]+:)?//", re.IGNORECASE)


def write_data_docs(settings: Settings, out: Path) -> Path:
    """Writes the pages into `out` and returns `out/index.html`.

    Raises PublicationFailed where a page would ask another host for anything.
    """
    suites = load_results(settings)
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(TEMPLATES / "data_docs.css", out / "data_docs.css")
    view = _view()
    index = []
    for suite in suites:
        pages = []
        for (schema, table), checks in groupby(
            sorted(suite.checks, key=lambda c: (c.schema_name, c.model_name)),
            key=lambda c: (c.schema_name, c.model_name),
        ):
            page = _page(suite, schema, table, list(checks))
            _write(out / page["file"], view.env.get_template("table.html").render(page))
            pages.append(page)
        index.append({"suite": suite, "pages": pages})
    path = out / "index.html"
    _write(path, view.env.get_template("index.html").render(suites=index))
    return path


def _view() -> Any:
    """Great Expectations' page view, with the templates beside this module before its own."""
    from great_expectations.render.view import DefaultJinjaPageView
    from jinja2 import ChoiceLoader, FileSystemLoader

    view = DefaultJinjaPageView()
    view.env.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), view.env.loader])
    return view


def _page(suite: GateResult, schema: str, table: str, checks: Sequence[CheckResult]) -> dict[str, Any]:
    return {
        "file": f"{suite.suite}-{schema}-{table}.html",
        "suite": suite.suite,
        "table": f"{schema}.{table}",
        "checked_at": suite.checked_at,
        "checks": checks,
        "failures": GateResult(suite=suite.suite, checks=tuple(checks), seconds=0, checked_at="").failures,
        "renderer_type": "ValidationResultsPageRenderer",
        "sections": _sections(f"{suite.suite}.{schema}.{table}", checks),
    }


def _sections(name: str, checks: Sequence[CheckResult]) -> list[dict[str, Any]]:
    """What Great Expectations renders of these results: a table of expectations for the table and for each column."""
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResultSchema
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    # registers the expectation that the results name
    import pipelines.quality.expectations  # noqa: F401

    passed = sum(check.passed for check in checks)
    results = ExpectationSuiteValidationResultSchema().load(
        {
            "success": passed == len(checks),
            "suite_name": name,
            "results": [check.expectation for check in checks],
            "statistics": {
                "evaluated_expectations": len(checks),
                "successful_expectations": passed,
                "unsuccessful_expectations": len(checks) - passed,
                "success_percent": 100 * passed / len(checks),
            },
            "suite_parameters": {},
            "meta": {},
        }
    )
    # the first section repeats the counts and links to pages that are not written
    return ValidationResultsPageRenderer().render(results).to_json_dict()["sections"][1:]


def _write(path: Path, html: str) -> None:
    found = _OUTSIDE.search(html)
    if found:
        raise PublicationFailed(
            "a page of the data docs would load something from outside", where=path.name, value=html[found.start() :]
        )
    path.write_text(html, encoding="utf-8")
