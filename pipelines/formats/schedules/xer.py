"""Primavera XER: the projects of a file, their baselines and their expenses, as schedules.

A baseline is a project of its own: the one that PROJECT.sum_base_proj_id names is what the project is measured by,
others are copies whose orig_proj_id is the project. Without one in the file the planned dates and budget of the project
itself are its baseline, as in Primavera.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from pipelines.errors import RefusedFile
from pipelines.formats.base import Context, Source, TableRead
from pipelines.formats.schedules import numbers
from pipelines.formats.schedules.calendars import Calendar, moment, office
from pipelines.formats.schedules.canonical import canonical
from pipelines.formats.schedules.identity import SECTION, circular, currency_of, options_of
from pipelines.formats.schedules.model import Accrual, Link, Options, Piece, Schedule, Task
from pipelines.formats.schedules.mpxj import Original
from pipelines.formats.schedules.numbers import ZERO, Localised
from pipelines.formats.schedules.xer_tables import COLUMNS, NUMBERS, Row, Tables, calendars, read_tables

_CATEGORIES = {"RT_Labor": "labour", "RT_Equip": "equipment", "RT_Mat": "material"}
_ACCRUALS: dict[str, Accrual] = {"CL_Start": "start", "CL_End": "end"}
_LINKS = {"PR_FS": "FS", "PR_SS": "SS", "PR_FF": "FF", "PR_SF": "SF"}
_CONSTRAINTS = {
    "CS_ALAP": "as_late_as_possible",
    "CS_MSO": "must_start_on",
    "CS_MANDSTART": "must_start_on",
    "CS_MEO": "must_finish_on",
    "CS_MANDFIN": "must_finish_on",
    "CS_MSOA": "start_no_earlier_than",
    "CS_MSOB": "start_no_later_than",
    "CS_MEOA": "finish_no_earlier_than",
    "CS_MEOB": "finish_no_later_than",
}
_HARD = {"must_start_on", "must_finish_on", "start_no_later_than", "finish_no_later_than"}
_EARNING = {"EC_0_100": "zero_hundred", "EC_50_50": "fifty_fifty"}
_MILESTONES = {"TT_Mile", "TT_FinMile"}


def sniff(head: str) -> bool:
    """Whether a text starts like an XER file."""
    return head.replace("\0", "").startswith("ERMHDR\t")


def read(source: Source, context: Context) -> list[TableRead]:
    """The canonical tables of a Primavera XER file. Raises RefusedFile."""
    options = options_of(context)
    return read_xer(source, context, options, format="xer")


def read_xer(
    source: Source, context: Context, options: Options, *, format: str, original: Original | None = None
) -> list[TableRead]:
    """The same for a file that a converter wrote; `original`: what it was made of."""
    tables = read_tables(source, encoding=options.encoding)
    file = _File(tables, options, name=source.name, base=context.base_currency, original=original)
    return canonical(
        file.schedules(), format=format, source=options.source, work=context.work, where=source.name,
        warnings=tables.warnings,
    )  # fmt: skip


def data_date(text: str) -> date | None:
    """The last day of which a project tells what was done. A data date in the morning lies before that day's work."""
    found = moment(text)
    if found is None:
        return None
    return found.date() - timedelta(days=1) if found.time() < time(12) else found.date()


class _File:
    def __init__(self, tables: Tables, options: Options, *, name: str, base: str, original: Original | None) -> None:
        self.tables, self.options, self.name, self.base, self.original = tables, options, name, base, original
        self.currencies = {row["curr_short_name"].upper(): row for row in tables["CURRTYPE"]}
        # ERMHDR version date group user user-name database module currency
        self.currency_name = (tables.header[8] if len(tables.header) > 8 else "").upper()
        self.decimal = self._decimal_sign()
        self.types = {row["rsrc_id"]: row["rsrc_type"] for row in tables["RSRC"]}
        self.roles = {row["role_id"]: row["role_short_name"] for row in tables["ROLES"]}
        self.tasks = self._by("TASK", "proj_id")
        self.assigned = self._by("TASKRSRC", "task_id")
        self.expenses = self._by("PROJCOST", "task_id")
        needed = {row["clndr_id"] for table in ("TASK", "PROJECT") for row in tables[table]}
        self.calendars = calendars(tables["CALENDAR"], needed)
        self.day_hours = {row["clndr_id"]: row["day_hr_cnt"] for row in tables["CALENDAR"]}
        self.codes = {row["task_id"]: row["task_code"] for row in tables["TASK"]}
        self.project_of = {row["task_id"]: row["proj_id"] for row in tables["TASK"]}

    def _by(self, table: str, column: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.tables[table]:
            found.setdefault(row[column], []).append(row)
        return found

    def _decimal_sign(self) -> str:
        amounts = Localised()
        for table in ("TASKRSRC", "PROJCOST", "TASK"):
            read = [column for column in COLUMNS[table] if column in NUMBERS]
            for row in self.tables[table]:
                for column in read:
                    if row[column]:
                        amounts.see(row[column])
        own = self.currencies.get(self.currency_name)
        stated = own["decimal_symbol"] if own is not None and own["decimal_symbol"] in (".", ",") else None
        return amounts.decimal_sign(where=self.name, stated=self.options.decimal or stated, setting=SECTION)

    def schedules(self) -> list[Schedule]:
        """One schedule a project that is exported with its activities. Raises RefusedFile."""
        rows = [row for row in self.tables["PROJECT"] if row["project_flag"] != "N"]
        present = {row["proj_id"] for row in rows}
        baselines = {
            row["proj_id"]
            for row in rows
            if row["orig_proj_id"] or any(row["proj_id"] == other["sum_base_proj_id"] for other in rows)
        }
        projects = [row for row in rows if row["proj_id"] not in baselines and self.tasks.get(row["proj_id"])]
        if not projects:
            lonely = [row for row in rows if row["proj_id"] in baselines and row["orig_proj_id"] not in present]
            what = "the file holds only baselines" if lonely else "the file holds no project with activities"
            raise RefusedFile(
                what,
                where=self.name,
                value=", ".join(sorted(self.tables.rows)) or "no table",
                remedy="export the project with its activities and the baseline that it is measured by",
            )
        found = []
        for row in projects:
            measured = row["sum_base_proj_id"]
            copies = [b for b in baselines if b != measured and self._row(rows, b)["orig_proj_id"] == row["proj_id"]]
            known = [measured] if self.tasks.get(measured) else []
            found.append(_Project(self, row, known, sorted(copies, key=lambda c: (len(c), c))).schedule())
        skipped = [r for r in rows if r["proj_id"] not in baselines and not self.tasks.get(r["proj_id"])]
        if skipped:
            names = ", ".join(r["proj_short_name"] or r["proj_id"] for r in skipped[:5])
            found[0].warnings.append(
                f"{len(skipped)} projects have no activities in the file and were left out: {names}"
            )
        return found

    @staticmethod
    def _row(rows: Sequence[Row], proj_id: str) -> Row:
        return next(row for row in rows if row["proj_id"] == proj_id)

    def currency(self, *, has_money: bool) -> tuple[str, str | None]:
        own = self.currencies.get(self.currency_name)
        name: str | None = self.currency_name
        symbol = own["curr_symbol"] if own is not None else None
        if self.original is not None:  # the converter fills in a currency of its own
            name, symbol = self.original.code, self.original.symbol
        return currency_of(name, symbol, self.options, has_money=has_money, base=self.base, where=self.name)


class _Project:
    def __init__(self, file: _File, row: Row, measured: Sequence[str], copies: Sequence[str]) -> None:
        self.file, self.row = file, row
        self.baselines = {**dict.fromkeys(measured, 0), **{copy: n for n, copy in enumerate(copies, start=1)}}
        self.has_measured = bool(measured)
        self.warnings: list[str] = []
        self.elements: dict[str, Task] = {}  # P6's wbs_id -> element
        self.by_code: dict[str, Task] = {}
        self.faults: list[str] = []

    def schedule(self) -> Schedule:
        file, row = self.file, self.row
        status = data_date(row["last_recalc_date"]) or data_date(row["plan_start_date"])
        status = status or data_date(file.tables.header[2] if len(file.tables.header) > 2 else "")
        if status is None:
            raise RefusedFile(
                "the project says nowhere from which day it is",
                where=f"{file.name}, line {row.line}",
                valid="PROJECT.last_recalc_date",
                remedy="schedule the project in Primavera and export it again",
            )
        self.status = status
        self._elements(row["proj_id"])
        activities = [self._activity(task) for task in file.tasks[row["proj_id"]]]
        self._unique(activities)
        gone = self._baseline_tasks()
        tasks = [*self.elements.values(), *activities, *gone]
        has_money = any(t.cost or any(p.amount for b in t.baselines.values() for p in b) for t in tasks)
        currency, derived = file.currency(has_money=has_money)
        schedule = Schedule(
            source_system="primavera",
            prefix="P6",
            project_id=" ".join(row["proj_short_name"].split()) or row["guid"] or row["proj_id"],
            status_date=status,
            currency=currency,
            place=f"line {row.line}",
            tasks=tasks,
            measured_baseline=0,
            calendar=file.calendars.get(row["clndr_id"]) or office(),
        )
        schedule.links = self._links(activities)
        schedule.warnings = [w for w in (derived,) if w] + self.warnings
        if not self.has_measured:
            schedule.warnings.append(
                "the baseline that the project is measured by is not in the file; its planned dates and budget count"
            )
        return schedule

    # -- elements ----------------------------------------------------------------------------------------------------

    def _elements(self, proj_id: str) -> None:
        """The WBS as elements named by their path, such as ENG.CIV; the node of the project itself is none."""
        rows = {row["wbs_id"]: row for row in self.file.tables["PROJWBS"] if row["proj_id"] == proj_id}
        separator = self.row["name_sep_char"] or "."
        # a converter takes the only element at the top for the project
        true_elements = self.file.original.elements if self.file.original is not None else set()
        self.earning = {uid: _EARNING.get(row["ev_compute_type"], "percent_complete") for uid, row in rows.items()}

        def chain(uid: str) -> list[str]:
            found: list[str] = []
            while uid in rows and uid not in found:
                if rows[uid]["proj_node_flag"] == "Y" and uid not in true_elements:
                    break
                found.append(uid)
                uid = rows[uid]["parent_wbs_id"]
            if uid in found:
                raise RefusedFile(
                    "elements of the WBS stand above each other in a circle",
                    where=f"{self.file.name}, line {rows[uid].line}",
                    value=rows[uid]["wbs_short_name"],
                    remedy="repair the WBS in Primavera and export the project again",
                )
            return found[::-1]

        used: set[str] = set()
        for uid, row in sorted(rows.items(), key=lambda item: item[1].line):
            path = chain(uid)
            if not path:
                continue
            wbs_id = separator.join(rows[part]["wbs_short_name"] or part for part in path)
            if wbs_id in used:
                wbs_id = f"{wbs_id} ({uid})"
            used.add(wbs_id)
            self.elements[uid] = Task(
                task_id=f"WBS {wbs_id}",
                place=f"line {row.line}",
                name=row["wbs_name"] or wbs_id,
                wbs_id=wbs_id,
                is_summary=True,
            )
        for uid, element in self.elements.items():
            element.parent = self.elements.get(rows[uid]["parent_wbs_id"])

    def _unique(self, activities: Sequence[Task]) -> None:
        """Activities are named by their code; one that is also the path of an element by both."""
        paths = {element.wbs_id for element in self.elements.values()}
        for task in activities:
            code = task.task_id or ""
            if not code:
                task.fault, task.task_id = "the activity has no code", None
                task.wbs_id = task.place
            elif code in self.by_code:
                task.fault, task.task_id = f"another activity has the same code {code}", None
                task.wbs_id = f"{code} ({task.place})"
            else:
                self.by_code[code] = task
                task.wbs_id = code if code not in paths else f"{code} (activity)"

    # -- activities --------------------------------------------------------------------------------------------------

    def _number(self, row: Row, column: str) -> Decimal | None:
        text = row[column]
        if not text:
            return None
        found = numbers.plain(text if self.file.decimal == "." else text.replace(",", "."))
        if found is None:
            self.faults.append(f"{column} {text[:40]!r} is no number")
        return found

    def _amount(self, row: Row, *columns: str) -> Decimal:
        return sum((self._number(row, column) or ZERO for column in columns), ZERO)

    def _moment(self, row: Row, *columns: str) -> datetime | None:
        for column in columns:
            if row[column]:
                found = moment(row[column])
                if found is None:
                    self.faults.append(f"{column} {row[column][:40]!r} is no date from 1900 to 2200")
                return found
        return None

    def _activity(self, row: Row) -> Task:
        file = self.file
        self.faults = []
        is_milestone, is_loe = row["task_type"] in _MILESTONES, row["task_type"] in ("TT_LOE", "TT_WBS")
        calendar = file.calendars.get(row["clndr_id"]) or file.calendars.get(self.row["clndr_id"]) or office()
        day_hours = numbers.plain(file.day_hours.get(row["clndr_id"], ""))
        constraint, on = _constraint(row)
        share = self._complete(row)
        task = Task(
            task_id=row["task_code"],
            place=f"line {row.line}",
            name=row["task_name"] or row["task_code"],
            parent=self.elements.get(row["wbs_id"]),
            is_milestone=is_milestone,
            is_loe=is_loe,
            earning_rule=(
                "level_of_effort"
                if is_loe
                else "zero_hundred"
                if is_milestone
                else self.earning.get(row["wbs_id"], "percent_complete")
            ),
            start=self._moment(row, "act_start_date", "restart_date", "early_start_date", "target_start_date"),
            finish=self._moment(row, "act_end_date", "reend_date", "early_end_date", "target_end_date"),
            actual_start=self._moment(row, "act_start_date"),
            actual_finish=self._moment(row, "act_end_date"),
            hours_per_day=day_hours if day_hours and day_hours > 0 else Decimal(8),
            total_float=self._number(row, "total_float_hr_cnt"),
            constraint=constraint,
            constraint_date=moment(on) if on else None,
            percent_complete=share,
            progress=share,
            calendar=calendar,
        )
        if row["task_type"] == "TT_FinMile":
            task.start = task.start or task.finish
        elif row["task_type"] == "TT_Mile":
            task.finish = task.finish or task.start
            task.actual_finish = task.actual_finish or (task.actual_start if share == 1 else None)
        task.duration = self._duration(row, task, calendar)
        self._money(row, task)
        if not self.has_measured:
            self._planned(row, task, 0)
        task.has_resource = bool(file.assigned.get(row["task_id"])) or bool(task.cost)
        if self.faults:
            task.fault = "; ".join(dict.fromkeys(self.faults))[:400]
        return task

    def _complete(self, row: Row) -> Decimal | None:
        """Percent complete by the activity's own type, as a fraction."""
        if row["status_code"] == "TK_Complete":
            return Decimal(1)
        if row["status_code"] == "TK_NotStart":
            return ZERO
        if row["complete_pct_type"] == "CP_Phys":
            percent = self._number(row, "phys_complete_pct") or ZERO
            if not 0 <= percent <= 100:
                self.faults.append(f"phys_complete_pct {row['phys_complete_pct'][:20]!r} is no percentage")
                return None
            return percent / 100
        if row["complete_pct_type"] == "CP_Units":
            done, left = (
                self._amount(row, "act_work_qty", "act_equip_qty"),
                self._amount(row, "remain_work_qty", "remain_equip_qty"),
            )
        else:
            planned = self._number(row, "target_drtn_hr_cnt") or ZERO
            left = self._number(row, "remain_drtn_hr_cnt") or ZERO
            done = planned - left
        if done <= 0 or done + left <= 0:
            return ZERO
        return min(Decimal(1), done / (done + left))

    def _duration(self, row: Row, task: Task, calendar: Calendar) -> Decimal | None:
        """At completion: what was worked so far by the calendar, and what remains."""
        left, planned = self._number(row, "remain_drtn_hr_cnt"), self._number(row, "target_drtn_hr_cnt")
        if task.actual_start is None:
            return left if left is not None else planned
        until = task.actual_finish or datetime.combine(self.status + timedelta(days=1), time())
        if until <= task.actual_start:
            return left or ZERO
        return Decimal(sum(calendar.weights(task.actual_start, until).values())) / 60 + (left or ZERO)

    def _money(self, row: Row, task: Task) -> None:
        worked_left = ZERO
        restart = self._moment(row, "restart_date", "early_start_date") or task.start
        reend = self._moment(row, "reend_date", "early_end_date") or task.finish
        for a in self.file.assigned.get(row["task_id"], ()):
            category, is_people = self._category(a)
            done, left = self._amount(a, "act_reg_cost", "act_ot_cost"), self._amount(a, "remain_cost")
            quantity_left = self._amount(a, "remain_qty") if is_people else ZERO
            task.cost += done + left
            task.actual_cost += done
            task.remaining_cost += left
            if is_people:
                quantity = self._amount(a, "act_reg_qty", "act_ot_qty")
                task.work += quantity + quantity_left
                task.actual_work += quantity
                worked_left += quantity_left
            if left or quantity_left:
                task.remaining.append(
                    Piece(
                        category=category,
                        role_id=self.file.roles.get(a["role_id"]) or None,
                        hours=quantity_left,
                        amount=left,
                        start=self._moment(a, "restart_date") or restart,
                        finish=self._moment(a, "reend_date") or reend,
                    )
                )
        for e in self.file.expenses.get(row["task_id"], ()):
            done, left = self._amount(e, "act_cost"), self._amount(e, "remain_cost")
            task.cost += done + left
            task.actual_cost += done
            task.remaining_cost += left
            if left:
                task.remaining.append(
                    Piece(category="other", amount=left, start=restart, finish=reend, accrual=_accrual(e))
                )
        rest = self._amount(row, "remain_work_qty") - worked_left
        if not self.file.assigned.get(row["task_id"]):  # units of an activity that nobody is assigned to
            task.actual_work = self._amount(row, "act_work_qty")
            task.work = task.actual_work + max(rest, ZERO)
            if rest > 0:
                task.remaining.append(Piece(category="labour", hours=rest, start=restart, finish=reend))

    def _category(self, row: Row) -> tuple[str, bool]:
        kind = row["rsrc_type"] or self.file.types.get(row["rsrc_id"], "") or "RT_Labor"
        return _CATEGORIES.get(kind, "other"), kind == "RT_Labor"

    def _planned(self, row: Row, task: Task, number: int) -> None:
        """The planned dates and budget of an activity, its own or its baseline copy's, as a baseline of `task`."""
        start, finish = self._moment(row, "target_start_date"), self._moment(row, "target_end_date")
        pieces: list[Piece] = []
        for a in self.file.assigned.get(row["task_id"], ()):
            category, is_people = self._category(a)
            pieces.append(
                Piece(
                    category=category,
                    role_id=self.file.roles.get(a["role_id"]) or None,
                    hours=self._amount(a, "target_qty") if is_people else ZERO,
                    amount=self._amount(a, "target_cost"),
                    start=self._moment(a, "target_start_date") or start,
                    finish=self._moment(a, "target_end_date") or finish,
                )
            )
        for e in self.file.expenses.get(row["task_id"], ()):
            pieces.append(
                Piece(
                    category="other",
                    amount=self._amount(e, "target_cost"),
                    start=start,
                    finish=finish,
                    accrual=_accrual(e),
                )
            )
        if not self.file.assigned.get(row["task_id"]):
            pieces.append(
                Piece(category="labour", hours=self._amount(row, "target_work_qty"), start=start, finish=finish)
            )
        pieces = [piece for piece in pieces if piece.amount or piece.hours]
        if pieces:
            task.baselines[number] = [*task.baselines.get(number, []), *pieces]
        if number == 0:
            task.baseline_start, task.baseline_finish = start, finish
            task.baseline_duration = self._number(row, "target_drtn_hr_cnt")
            task.baseline_cost = sum((piece.amount for piece in pieces), ZERO)

    def _baseline_tasks(self) -> list[Task]:
        """Puts the baselines' activities beside those of the same code; returns those that only a baseline has."""
        gone: dict[str, Task] = {}
        for proj_id, number in self.baselines.items():
            for row in self.file.tasks.get(proj_id, ()):
                code = row["task_code"]
                task = self.by_code.get(code) or gone.get(code)
                if task is None:
                    task = gone[code] = Task(
                        task_id=code or None,
                        place=f"line {row.line}",
                        name=row["task_name"] or code,
                        wbs_id=code or f"line {row.line}",
                        is_gone=True,
                        fault=None if code else "the activity has no code",
                    )
                self.faults = []
                self._planned(row, task, number)
                if self.faults:
                    task.fault = task.fault or "; ".join(dict.fromkeys(self.faults))[:400]
        if gone:
            self.warnings.append(f"{len(gone)} activities stand only in a baseline: {', '.join(sorted(gone)[:5])}")
        return list(gone.values())

    def _links(self, activities: Sequence[Task]) -> list[Link]:
        own = self.row["proj_id"]
        known = {task.task_id for task in activities if task.task_id}
        links: list[Link] = []
        lost = 0
        for row in self.file.tables["TASKPRED"]:
            follower = self.file.project_of.get(row["task_id"])
            if (follower or row["proj_id"]) != own:
                continue
            code = self.file.codes.get(row["task_id"], "")
            before = row["pred_task_id"]
            is_external = (
                self.file.project_of.get(before, row["pred_proj_id"] or own) != own or before not in self.file.codes
            )
            before_code = self.file.codes.get(before, before)
            if code not in known or not before_code or (before_code == code and not is_external):
                lost += 1
                continue
            self.faults = []
            lag = self._number(row, "lag_hr_cnt") or ZERO
            links.append(
                Link(
                    predecessor_id=before_code if not is_external else f"external {before_code}",
                    successor_id=code,
                    type=_LINKS.get(row["pred_type"], "FS"),
                    lag_hours=lag,
                    place=f"line {row.line}",
                    is_external=is_external,
                )
            )
        if lost:
            self.warnings.append(f"{lost} links lead to an activity itself or to none of the file, and were left out")
        if ring := circular(links):
            self.warnings.append(f"the links of {len(ring)} activities run in a circle ({', '.join(ring[:5])})")
        return links


def _accrual(row: Row) -> Accrual:
    return _ACCRUALS.get(row["cost_load_type"], "prorated")


def _constraint(row: Row) -> tuple[str | None, str]:
    """The primary constraint, or the secondary one where only that is hard."""
    first, second = _CONSTRAINTS.get(row["cstr_type"]), _CONSTRAINTS.get(row["cstr_type2"])
    if second in _HARD and first not in _HARD:
        return second, row["cstr_date2"]
    return first, row["cstr_date"]
