"""Tables of service desks, trackers and surveys, told by their columns: who reads them, or why they are not wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.errors import RefusedFile
from pipelines.formats.base import Context, RawTable, TableRead
from pipelines.formats.headers import normalise
from pipelines.formats.kpi import ecb, surveys, tickets

Reader = Callable[..., list[TableRead]]

_PERSONAL = "personal data that Outturn has no use for"
_UNUSED = "Outturn has no use for it"
_LEAVE = "leave it out of the inbox"
_TASKS = "export task (or the list of incidents) with number, opened_at, closed_at, made_sla and assignment_group"
_ISSUES = "the table issue has what is measured: export it instead"


@dataclass(frozen=True, kw_only=True)
class Known:
    """One table. `columns`: all of them are in its header, and with `alone` no other but a description. Either
    `read`, or `holds`, `why` and `remedy`."""

    name: str
    columns: str
    alone: bool = False
    read: Reader | None = None
    holds: str = ""
    why: str = _UNUSED
    remedy: str = _LEAVE

    @property
    def needed(self) -> frozenset[str]:
        return frozenset(self.columns.split())


TABLES: tuple[Known, ...] = (
    Known(name="ServiceNow task", columns="number opened_at closed_at made_sla", read=tickets.servicenow),
    Known(name="ServiceNow incident", columns="number opened_at resolved_at", read=tickets.servicenow),
    Known(name="ServiceNow incident", columns="sys_id incident_state reopen_count severity sys_created_on",
          holds="incidents without their number, SLA and assignment group", why="they belong to no project alone",
          remedy=_TASKS),
    Known(name="ServiceNow task_sla", columns="sys_id has_breached stage planned_end_time",
          holds="agreed times of tasks by internal number", why="they belong to no project alone; made_sla of the task "
          "says whether it kept them", remedy=_TASKS),
    Known(name="ServiceNow change_task", columns="sys_id change_task_type change_request_value",
          holds="steps of changes by internal number", why="they belong to no project alone", remedy=_TASKS),
    Known(name="ServiceNow problem_task", columns="sys_id problem_task_type problem_value",
          holds="steps of problems by internal number", why="they belong to no project alone", remedy=_TASKS),
    Known(name="ServiceNow sys_user", columns="sys_id user_name first_name last_name email",
          holds="names, e-mails and telephones of people", why=_PERSONAL),
    Known(name="ServiceNow sys_user_grmember", columns="sys_id group_value user_value", holds="who is in which group",
          why=_PERSONAL),
    Known(name="ServiceNow sys_user_has_role", columns="sys_id role_value user_value", holds="who has which role",
          why=_PERSONAL),
    Known(name="ServiceNow sys_user_role", columns="sys_id elevated_privilege grantable", holds="roles"),
    Known(name="ServiceNow sys_user_group", columns="sys_id name manager_value include_members",
          holds="assignment groups", remedy="where a group stands for a project, deliver project_alias with "
          "source_system servicenow, or set [kpi.projects] in outturn.toml"),
    Known(name="Jira issue", columns="key created resolved project", read=tickets.jira),
    Known(name="Jira issue_field_history", columns="field_id issue_id time value",
          holds="changes of issues by internal number", why="they belong to no project alone", remedy=_ISSUES),
    Known(name="Jira sprint", columns="id board_id start_date end_date complete_date", holds="sprints",
          why="a sprint is no milestone of a contract", remedy="deliver milestone.csv where it is one"),
    Known(name="Jira user", columns="id locale time_zone username", holds="names and e-mails of people", why=_PERSONAL),
    Known(name="Jira user_group", columns="group_name user_id", holds="who is in which group", why=_PERSONAL),
    Known(name="Jira project", columns="id key lead_id project_type_key", holds="projects without customer, dates "
          "and contract", why="they are no projects in the sense of Outturn",
          remedy="deliver project_alias with source_system jira where the keys are not your project numbers"),
    Known(name="Jira field", columns="id is_array is_custom name", holds="fields of issues"),
    Known(name="Jira status", columns="id name status_category_id", holds="states of issues"),
    Known(name="Jira issue_type", columns="id name subtask description", holds="kinds of issues"),
    Known(name="Jira project_board", columns="board_id project_id _fivetran_synced", holds="boards of projects"),
    # four small lists with the same columns, whichever their name: priority, project_category, field_option, …
    Known(name="Jira list", columns="id _fivetran_synced name", alone=True,
          holds="names of priorities, categories or options"),
    Known(name="OSHA Form 300A", columns="establishment_name naics_code total_hours_worked total_dafw_cases",
          holds="injuries and hours of a whole establishment and year", why="no project and no day can be told from it",
          remedy="deliver safety_incident.csv with a row for each incident of a project"),
)  # fmt: skip


def find(header: Sequence[str]) -> Known | None:
    """The table with these columns: of those that fit, the one which asks for most."""
    names = frozenset(normalise(column) for column in header)
    fitting = [
        known
        for known in TABLES
        if known.needed <= names and not (known.alone and names - known.needed - {"description"})
    ]
    return max(fitting, key=lambda known: len(known.needed), default=None)


def read_raw(raw: RawTable, columns: Mapping[str, str], context: Context, *, where: str) -> list[TableRead] | None:
    """The canonical table in a table of these; None where it is none. Raises RefusedFile for those not wanted."""
    if ecb.is_rates(raw.header):
        return ecb.read_raw(raw, columns, context, where=where)
    tool = surveys.tool_of(raw.header)
    if tool is not None:
        return surveys.read_raw(raw, tool, context, where=where)
    known = find(raw.header)
    if known is None:
        return None
    if known.read is None:
        raise RefusedFile(f"{known.name} holds {known.holds}: {known.why}", where=where, remedy=known.remedy)
    return known.read(raw, columns, context, where=where)
