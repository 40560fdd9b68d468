"""Checks as expectations of Great Expectations. Importing this module imports it (about 6 s).

Nothing here decides what is checked (`data_tests.expectations`) or what a failure means (`gate`).
"""

from __future__ import annotations

from typing import Any, ClassVar

import great_expectations.expectations as gxe
from great_expectations.compatibility import pydantic
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.render import LegacyDiagnosticRendererType, LegacyRendererType, RenderedStringTemplateContent
from great_expectations.render.renderer.renderer import renderer

from pipelines.quality.checks import Check

BUILTINS = {
    "not_null": gxe.ExpectColumnValuesToNotBeNull,
    "in_set": gxe.ExpectColumnValuesToBeInSet,
    "between": gxe.ExpectColumnValuesToBeBetween,
}

# counts only: neither the values nor the rows that fail leave the database
RESULT_FORMAT = {"result_format": "BASIC", "exclude_unexpected_values": True, "partial_unexpected_count": 0}


class ExpectNoRowToBreakTheRule(gxe.UnexpectedRowsExpectation):
    """A rule in SQL that is counted, not fetched, and that reads in the data docs as its sentence, not as its query."""

    # the rows themselves are a second run of the query, and none of Great Expectations' business
    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    @pydantic.validator("unexpected_rows_query")
    def _validate_query(cls, query: str) -> str:
        """Takes the query as it is: it names its tables, where the parent class prints advice to use `{batch}`, which
        becomes a subquery with or without an alias depending on whether a JOIN stands anywhere in the text."""
        return query

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        found = metrics["unexpected_rows_query.row_count"]
        return {"success": found == 0, "result": {"observed_value": found}}

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    def _prescriptive_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
        **_: Any,
    ) -> list[RenderedStringTemplateContent]:
        return [
            RenderedStringTemplateContent(
                content_block_type="string_template",
                string_template={
                    "template": "$holds",
                    "params": {"holds": configuration.description},
                    "styling": (runtime_configuration or {}).get("styling"),
                },
            )
        ]

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.OBSERVED_VALUE)
    def _diagnostic_observed_value_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        **_: Any,
    ) -> str:
        found = (result.result if result else {}).get("observed_value")
        return "no row" if found == 0 else f"{found} row{'' if found == 1 else 's'}"


def expectation(check: Check, *, number: int) -> Expectation:
    """`number` leads back from a result to its check; two checks of a table may otherwise look alike."""
    meta = {"check": check.name, "severity": check.severity, "number": number}
    if check.builtin:
        kind, arguments = check.builtin
        return BUILTINS[kind](column=check.column_name, severity=check.severity, meta=meta, **arguments)
    return ExpectNoRowToBreakTheRule(
        # Great Expectations formats the text, and SQLAlchemy looks for parameters in it
        unexpected_rows_query=check.query.replace("{", "{{").replace("}", "}}").replace(":", "\\:"),
        description=check.holds,
        severity=check.severity,
        meta=meta,
    )
