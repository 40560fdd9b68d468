"""Answers to surveys: exports of Qualtrics (three header rows, formerly two) and SurveyMonkey (two).

A response is an answer to one declared question, of one kind. Names, addresses and places are never taken over.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.errors import RefusedFile
from pipelines.formats.base import FAULT, Context, RawTable, TableRead
from pipelines.formats.erp.cells import Cells
from pipelines.formats.erp.options import wrong
from pipelines.formats.headers import by_normalised, normalise
from pipelines.formats.kpi.options import Options, options_of

_IMPORT_ID = '{"ImportId"'
_GROUP = re.compile(r"^(?P<question>.+)_nps_group$")
_RECOMMEND = re.compile(r"how likely .*recommend", re.IGNORECASE | re.DOTALL)
_LEADING = r"^\s*(-?\d{1,3}(?:\.\d{1,3})?)\s*(?:$|[-–—:.,(=/ ].*$)"
_TRAILING = r"^.*[(\[ ](\d{1,2})[)\]]?\s*$"
_UNNAMED = re.compile(r"^column[_ ]\d+$")
# what Qualtrics calls its columns when it numbers them
_NUMBERED = {
    "v1": "ResponseID", "v2": "ResponseSet", "v3": "Name", "v4": "ExternalDataReference", "v5": "EmailAddress",
    "v6": "IPAddress", "v7": "Status", "v8": "StartDate", "v9": "EndDate", "v10": "Finished",
}  # fmt: skip
# trials and spam (Qualtrics, column Status): as numbers, or as labels in English and German
_TRIALS = {
    "1": "previews", "survey preview": "previews", "umfragevorschau": "previews", "2": "tests", "survey test": "tests",
    "umfragetest": "tests", "8": "spam", "spam": "spam", "9": "spam", "possible spam": "spam",
    "survey preview spam": "spam", "17": "previews", "offline survey preview": "previews",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Tool:
    """The columns of one tool, as normalised. `fixed`: every column that is no question."""

    name: str
    response: str
    answered: tuple[str, ...]  # the day of the answer, best first
    customer: tuple[str, ...]
    personal: tuple[str, ...]
    other: tuple[str, ...] = ()

    @property
    def fixed(self) -> frozenset[str]:
        return frozenset((self.response, *self.answered, *self.customer, *self.personal, *self.other))


_CUSTOMER = ("customer_id", "customerid", "customer", "account_id", "accountid")
_PROJECT = ("project_id", "projectid", "project")
QUALTRICS = Tool(
    name="qualtrics",
    response="responseid",
    answered=("recordeddate", "enddate"),
    customer=(*_CUSTOMER, "externalreference", "externaldatareference"),
    personal=(
        "ipaddress", "recipientlastname", "recipientfirstname", "recipientemail", "locationlatitude",
        "locationlongitude", "locationaccuracy", "name", "emailaddress",
    ),
    other=(
        "startdate", "status", "progress", "duration_(in_seconds)", "finished", "distributionchannel", "userlanguage",
        "responseset", *_PROJECT,
    ),
)  # fmt: skip
SURVEYMONKEY = Tool(
    name="surveymonkey",
    response="respondent_id",
    answered=("end_date", "date_modified"),
    customer=(*_CUSTOMER, "custom_data_1", "custom_data"),
    personal=("ip_address", "email_address", "first_name", "last_name"),
    other=("collector_id", "start_date", "date_created", "custom_value", *_PROJECT),
)


def tool_of(header: Sequence[str]) -> Tool | None:
    """The tool whose export has this header; None where none has."""
    names = {normalise(name) for name in header}
    if {"v1", "v7", "v8", "v9", "v10"} <= names:
        return QUALTRICS
    if {"responseid", "startdate", "enddate"} <= names:
        return QUALTRICS
    if {"respondent_id", "collector_id"} <= names and names & set(SURVEYMONKEY.answered):
        return SURVEYMONKEY
    return None


def read_raw(raw: RawTable, tool: Tool, context: Context, *, where: str) -> list[TableRead]:
    """The responses of an export, one row for each answered question. Raises RefusedFile."""
    options = options_of(context)
    raw, texts = _without_header_rows(_named(raw, where=where), tool)
    columns = by_normalised(raw.header, where=where)
    questions = _questions(raw, tool, options, columns, texts, where=where)
    cells = Cells(raw, columns, context, where=where)
    cells.declare(section="kpi", numbers=(), dates=tool.answered)
    _leave_out_trials(cells, tool)
    _warn_of_personal(cells, tool)
    customer = _customer(cells, tool, options)
    frames = [_answers(cells, tool, options, name, kind, customer) for name, kind in questions.items()]
    frame = pl.concat(frames)
    unanswered = frame.select((pl.col("score").is_null() & pl.col(FAULT).is_null()).sum()).collect().item()
    if unanswered:
        cells.warnings.append(f"{unanswered} questions without an answer left out")
    return [
        TableRead(
            format=tool.name,
            table="survey_response",
            frame=frame.filter(pl.col("score").is_not_null() | pl.col(FAULT).is_not_null()),
            warnings=tuple(cells.warnings),
            mapping={
                "response_id": cells.named(tool.response),
                "responded_on": cells.named(*tool.answered),
                "score": ", ".join(columns[name] for name in questions),
                **({"customer_id": cells.named(*customer)} if customer else {}),
            },
            dialect=raw.dialect,
            source_system=tool.name,
        )
    ]


def _named(raw: RawTable, *, where: str) -> RawTable:
    """Qualtrics' numbered columns under the names that they have elsewhere; unnamed ones at the end are gone.

    Raises RefusedFile where a numbered column and its name stand beside each other.
    """
    new = {name: _NUMBERED[normalise(name)] for name in raw.header if normalise(name) in _NUMBERED}
    if len(new) < len(_NUMBERED):
        return raw
    header = tuple(new.get(name, name) for name in raw.header)
    by_normalised(header, where=where)
    return dataclasses.replace(raw, header=header, frame=raw.frame.rename(new))


def _without_header_rows(raw: RawTable, tool: Tool) -> tuple[RawTable, Mapping[str, str]]:
    """The table without what stands between its names and its data, and the questions' texts by column.

    A row of data has a date with a figure in it; the rows of texts and of import ids have none.
    """
    dates = [name for name in raw.header if normalise(name) in tool.answered]
    head = raw.frame.select(*raw.header, FAULT).head(3).collect().rows(named=True)
    texts: dict[str, str] = {}
    count, wide = 0, None
    for row in head:
        fault = row.pop(FAULT)
        is_ids = any((value or "").startswith(_IMPORT_ID) for value in row.values())
        if not is_ids and any(re.search(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", row[name] or "") for name in dates):
            break
        if not is_ids and not texts:
            texts = {normalise(name): value or "" for name, value in row.items()}
        count += 1
        wide = fault or wide
    frame = raw.frame
    if wide is not None:
        # the answers to choose from stand in the second row only, and reach further than the names: no shift of cells
        frame = frame.with_columns(pl.when(pl.col(FAULT) != wide).then(pl.col(FAULT)).alias(FAULT))
    frame = frame.with_row_index("__at").filter(pl.col("__at") >= count).drop("__at")
    return dataclasses.replace(raw, frame=frame), texts


def _questions(
    raw: RawTable, tool: Tool, options: Options, columns: Mapping[str, str], texts: Mapping[str, str], *, where: str
) -> Mapping[str, str]:
    """Column -> kind, of the questions declared in [kpi.surveys] (by column or by text), else of those recognised."""
    asked = {
        name: texts.get(name) or spelled
        for name, spelled in columns.items()
        if name not in tool.fixed and not _UNNAMED.match(name)
    }
    found: dict[str, str] = {}
    for question, kind in options.surveys.items():
        wanted = normalise(question)
        found |= {name: kind for name, text in asked.items() if wanted in (name, normalise(text))}
    for name in asked:
        group = _GROUP.match(name)
        if group is not None:
            if group["question"] in asked:
                found.setdefault(group["question"], "nps")
        elif _RECOMMEND.search(columns[name]) or _RECOMMEND.search(texts.get(name, "")):
            found.setdefault(name, "nps")
    if not found:
        shown = ", ".join(columns[name] for name in asked) or "none"
        raise RefusedFile(
            f"no question of this {tool.name} export is known to be one of satisfaction",
            where=where,
            value=shown[:600],
            valid="nps (0 to 10), csat (1 to 5)",
            remedy='declare it in outturn.toml, [kpi.surveys], such as "Q1" = "nps"',
        )
    return found


def _leave_out_trials(cells: Cells, tool: Tool) -> None:
    if tool is not QUALTRICS or not cells.has("status"):
        return
    status = cells.text("status").str.to_lowercase()
    for kind in dict.fromkeys(_TRIALS.values()):
        names = [name for name, what in _TRIALS.items() if what == kind]
        cells.leave_out(status.is_in(names), f"responses that are {kind}")


def _warn_of_personal(cells: Cells, tool: Tool) -> None:
    there = [cells.spelled(name) for name in tool.personal if cells.has(name)]
    if there:
        cells.warnings.append(f"columns about persons are not taken over: {', '.join(there)}")


def _customer(cells: Cells, tool: Tool, options: Options) -> tuple[str, ...]:
    if options.customer_column:
        name = normalise(options.customer_column)
        if not cells.has(name):
            raise wrong("[kpi] customer_column", options.customer_column, tuple(cells.columns)[:60])
        return (name,)
    return tuple(name for name in tool.customer if cells.has(name))


def _answers(
    cells: Cells, tool: Tool, options: Options, question: str, kind: str, customer: tuple[str, ...]
) -> pl.LazyFrame:
    """One row for each response. An answer is a number, a label that begins or ends with one, or a declared label."""
    answer = cells.text(question)
    scores = {label: f"{score:f}" for label, score in options.labels.items()}
    label = answer.str.to_lowercase().replace_strict(scores, default=None, return_dtype=pl.String)
    score = pl.coalesce(label, answer.str.extract(_LEADING), answer.str.extract(_TRAILING))
    fault = pl.when(answer.is_not_null() & score.is_null()).then(
        pl.format(
            'the answer "{}" is no number; say in [kpi.labels] of outturn.toml which it is', answer.str.slice(0, 60)
        )
    )
    project = (options.project_column and normalise(options.project_column)) or ""
    return cells.frame.select(
        (cells.text(tool.response) + pl.lit(f"/{cells.spelled(question)[:80]}")).alias("response_id"),
        cells.text(*customer).alias("customer_id"),
        cells.text(*((project,) if cells.has(project) else _PROJECT)).alias("project_id"),
        cells.date(*tool.answered).alias("responded_on"),
        pl.lit(kind).alias("kind"),
        score.alias("score"),
        "source_line",
        pl.coalesce(FAULT, fault).alias(FAULT),
    )
