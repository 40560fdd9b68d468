"""Tasks, resources and assignments of MS Project XML put together into a schedule.

A task's cost is that of its assignments and its fixed cost; a summary task repeats its children and costs only what is
its own beside them. Tasks that are no work of this project (blank rows, inactive ones, those of other projects) are
left out and named with their amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.errors import RefusedFile
from pipelines.formats.base import ControlTotal, Finding
from pipelines.formats.schedules import numbers
from pipelines.formats.schedules.calendars import Calendar, elapsed, office
from pipelines.formats.schedules.identity import SECTION, circular, currency_of, name_elements, project_reference
from pipelines.formats.schedules.model import CONSTRAINTS, Accrual, Link, Piece, Schedule, Task
from pipelines.formats.schedules.mspdi import Baseline, Entry, Raw
from pipelines.formats.schedules.mspdi_calendars import resolved
from pipelines.formats.schedules.numbers import CENT, HUNDRED, ZERO, shown, whole

_ACCRUALS: dict[str, Accrual] = {"1": "start", "2": "end", "3": "prorated"}
_LINKS = {"0": "FF", "1": "FS", "2": "SF", "3": "SS"}
_ELAPSED = {4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52}  # DurationFormat, estimated ones among them
_PERCENT = {19, 20, 51, 52}  # LagFormat
_NO_RESOURCE = "-65535"


@dataclass(slots=True, kw_only=True)
class _Node:
    """A task of the outline while it is put together."""

    entry: Entry
    task: Task
    children: list[_Node] = field(default_factory=list)
    assignments: list[Entry] = field(default_factory=list)
    is_elsewhere: bool = False  # an inserted project, whose money stands in its own file


def schedule_of(raw: Raw, *, name: str, base: str) -> Schedule:
    """The schedule of a file. `name`: the file's, `base`: the reporting currency. Raises RefusedFile."""
    return _Assembly(raw, name=name, base=base).run()


class _Assembly:
    def __init__(self, raw: Raw, *, name: str, base: str) -> None:
        self.raw, self.name, self.base = raw, name, base
        measured = whole(raw.header.get("BaselineForEarnedValue"))
        self.measured = measured if measured is not None and 0 <= measured <= 10 else 0
        self.warnings: list[str] = []
        self.root: _Node | None = None
        self.nodes: list[_Node] = []
        self.by_uid: dict[str, _Node] = {}
        self.left_out: set[str] = set()  # UIDs
        self.left_rows = {"inactive": [0, ZERO], "of other projects": [0, ZERO]}
        self.calendars: dict[str, Calendar] = {}
        self.mismatched: list[tuple[str, Decimal]] = []
        self.undated: list[str] = []

    def run(self) -> Schedule:
        raw = self.raw
        status = raw.status()
        if status is None:
            raise RefusedFile(
                "the schedule says nowhere from which day it is",
                where=self.name,
                valid="StatusDate, LastSaved, CurrentDate, CreationDate or StartDate",
                remedy="set the status date in the schedule and export it again",
            )
        if not raw.tasks:
            raise RefusedFile("the schedule has no tasks", where=self.name, remedy="export the schedule with its tasks")
        self.decimal = raw.amounts.decimal_sign(where=self.name, stated=raw.options.decimal, setting=SECTION)
        self._outline()
        self._calendars()
        self._assign()
        project_id, doubt = project_reference(
            {"title": raw.header.get("Title"), "name": raw.header.get("Name"), "guid": raw.header.get("GUID")},
            raw.options,
            otherwise=self.name,
        )
        everyone = [*([self.root] if self.root else []), *self.nodes]
        for node in reversed(everyone):  # children first
            self._money(node)
        currency, derived = currency_of(
            raw.header.get("CurrencyCode"),
            raw.header.get("CurrencySymbol"),
            raw.options,
            has_money=any(node.task.cost or _priced(node.task) for node in everyone),
            base=self.base,
            where=self.name,
        )
        schedule = Schedule(
            source_system="msproject",
            prefix="MSP",
            project_id=project_id,
            status_date=status,
            currency=currency,
            place="/Project",
            tasks=[node.task for node in everyone],
            measured_baseline=self.measured,
            calendar=self.calendars.get(raw.header.get("CalendarUID", ""), office()),
        )
        schedule.links = self._links()
        undated = (
            None if raw.is_dated else f"the schedule does not say from which day it is; its start {status} was taken"
        )
        self._warn(schedule, [w for w in (doubt, derived, undated) if w])
        self._totals(schedule)
        return schedule

    # -- the outline -------------------------------------------------------------------------------------------------

    def _outline(self) -> None:
        above: list[tuple[int, _Node | None]] = []
        outlines: dict[int, str] = {}
        codes: dict[int, str] = {}
        uids: dict[int, str] = {}
        for entry in self.raw.tasks:
            texts = entry.texts
            if entry.flag("IsNull"):
                self.left_out.add(texts.get("UID", ""))
                continue
            level = whole(texts.get("OutlineLevel"))
            number = texts.get("OutlineNumber", "")
            if level is None:
                level = number.count(".") + 1 if number not in ("", "0") else 1
            uid = texts.get("UID")
            if self.root is None and not self.nodes and (uid == "0" or number == "0"):
                self.root = _Node(entry=entry, task=self._task(entry, uid))
                self.root.task.is_project = self.root.task.is_summary = True
                self.root.task.is_milestone = False
                self.by_uid[uid or "0"] = self.root
                continue
            node: _Node | None = _Node(entry=entry, task=self._task(entry, uid))
            assert node is not None
            for kind, found in (
                ("inactive", texts.get("Active", "1").lower() in ("0", "false")),
                ("of other projects", entry.flag("ExternalTask")),
            ):
                if found and node is not None:
                    self.left_rows[kind][0] += 1
                    self.left_rows[kind][1] += ZERO if entry.flag("Summary") else entry.amount("Cost") or ZERO
                    self.left_out.add(uid or "")
                    node = None
            while above and above[-1][0] >= level:
                above.pop()
            if node is not None:
                parent = next((n for _, n in reversed(above) if n is not None), None)
                node.task.parent = parent.task if parent else None
                holder = parent or self.root
                if holder is not None:
                    holder.children.append(node)
                self._known(node, uid)
                self.nodes.append(node)
                codes[id(node.task)] = texts.get("WBS", "")
                outlines[id(node.task)] = number
                uids[id(node.task)] = uid or ""
            above.append((level, node))
        for node in self.nodes:
            if node.children:
                node.task.is_summary = True
        schemes = {"wbs": codes, "outline": outlines, "uid": uids}
        said = name_elements([node.task for node in self.nodes], schemes, self.raw.options.wbs_id)
        if said:
            self.warnings.append(said)
        for node in self.nodes:
            node.task.name = node.task.name or f"({node.task.wbs_id})"

    def _known(self, node: _Node, uid: str | None) -> None:
        if uid is None:
            node.task.fault = "the task has no UID, so that nothing can refer to it"
        elif uid in self.by_uid:
            node.task.fault = f"another task has the same UID {uid}"
            node.task.task_id = None
        else:
            self.by_uid[uid] = node

    def _task(self, entry: Entry, uid: str | None) -> Task:
        texts = entry.texts
        manual = texts.get("Manual", "").lower() in ("1", "true")
        percent, physical = whole_percent(entry, "PercentComplete"), whole_percent(entry, "PhysicalPercentComplete")
        is_milestone = entry.flag("Milestone")
        constraint = whole(texts.get("ConstraintType"))
        slack = numbers.plain(texts.get("TotalSlack", ""))
        format_ = whole(texts.get("DurationFormat"))
        per_day = numbers.plain(self.raw.header.get("MinutesPerDay", "")) or Decimal(480)
        return Task(
            task_id=uid,
            place=entry.place,
            name=texts.get("Name", ""),
            is_summary=entry.flag("Summary"),
            is_milestone=is_milestone,
            earning_rule="zero_hundred" if is_milestone else "percent_complete",
            start=entry.date("Start") or (entry.date("ManualStart") if manual else None),
            finish=entry.date("Finish") or (entry.date("ManualFinish") if manual else None),
            actual_start=entry.date("ActualStart"),
            actual_finish=entry.date("ActualFinish"),
            duration=entry.hours("Duration"),
            hours_per_day=Decimal(24) if format_ in _ELAPSED else per_day / 60,
            total_float=None if slack is None else slack / 600,  # tenths of minutes
            constraint=CONSTRAINTS[constraint] if constraint is not None and 0 <= constraint < 8 else None,
            constraint_date=entry.date("ConstraintDate"),
            percent_complete=percent,
            progress=physical if texts.get("EarnedValueMethod") == "1" else percent,
        )

    def _calendars(self) -> None:
        raw = self.raw
        needed = {raw.header.get("CalendarUID", ""), *(n.entry.texts.get("CalendarUID", "") for n in self.nodes)}
        self.calendars = resolved(raw.calendars, needed)
        always = elapsed()
        for node in self.nodes:
            own = self.calendars.get(node.entry.texts.get("CalendarUID", ""))
            is_elapsed = whole(node.entry.texts.get("DurationFormat")) in _ELAPSED
            node.task.calendar = always if is_elapsed else own

    def _assign(self) -> None:
        unknown: list[str] = []
        for entry in self.raw.assignments:
            uid = entry.texts.get("TaskUID", "")
            node = self.by_uid.get(uid)
            resource = self.raw.resources.get(entry.texts.get("ResourceUID", ""), {})
            if resource.get("IsBudget", "").lower() in ("1", "true"):
                continue  # a budget beside the plan, not part of it
            if node is not None:
                node.assignments.append(entry)
            elif uid not in self.left_out:
                unknown.append(entry.place)
        if unknown:
            self.warnings.append(
                f"{len(unknown)} assignments name a task that the file does not have and were left out: {unknown[0]}"
            )

    # -- money and work ----------------------------------------------------------------------------------------------

    def _kind(self, assignment: Entry) -> tuple[str, bool, Accrual]:
        """Category, whether its work is hours of people, and when its cost accrues."""
        uid = assignment.texts.get("ResourceUID", _NO_RESOURCE)
        resource = self.raw.resources.get(uid, {})
        accrual = _ACCRUALS.get(resource.get("AccrueAt", ""), "prorated")
        is_nobody = uid == _NO_RESOURCE  # a place kept for a resource: its work is no work of the task
        is_cost = resource.get("IsCostResource", "").lower() in ("1", "true") or resource.get("Type") == "2"
        is_material = resource.get("Type") == "0" and not is_cost
        category = "other" if is_cost else "material" if is_material else "labour"
        grouped = self.raw.options.resource_groups.get(resource.get("Group", "").casefold())
        return grouped or category, not (is_cost or is_material or is_nobody), accrual

    def _cost_text(self, entry: Entry, text: str | None) -> Decimal | None:
        if text is None:
            return None
        found = numbers.read(text, self.decimal)
        if found is None:
            entry.faults.append(f"Baseline/Cost {text[:40]!r} is no amount")
            return None
        return found / HUNDRED

    def _money(self, node: _Node) -> None:
        """Fills the pieces of a task: its assignments, and what is left of its own figures beside them."""
        entry, task = node.entry, node.task
        fixed = entry.amount("FixedCost") or ZERO
        stated, actual = entry.amount("Cost"), entry.amount("ActualCost")
        assigned = [self._assignment(a) for a in node.assignments]
        task.has_resource = any(a.texts.get("ResourceUID", _NO_RESOURCE) != _NO_RESOURCE for a in node.assignments)
        below = [child for child in node.children if child.entry.texts.get("Cost") is not None]
        below_cost = sum((child.entry.amount("Cost") or ZERO for child in below), ZERO)
        below_actual = sum((child.entry.amount("ActualCost") or ZERO for child in below), ZERO)
        cost = sum((a.cost for a in assigned), ZERO)
        rest = fixed if stated is None else stated - below_cost - cost
        own_is_counted = True
        if task.is_summary and stated is not None and abs(rest - fixed) > CENT * (len(below) + 1):
            # its fixed cost repeats its children's, or its own figures do not fit them: those of the tasks count
            own_is_counted = False
            if rest:
                self.mismatched.append((task.wbs_id or "the project", rest))
        elif not task.is_summary and abs(rest - fixed) > CENT and node.assignments:
            self.mismatched.append((task.wbs_id, rest - fixed))
        if task.is_summary and not own_is_counted:
            rest = ZERO
        node.is_elsewhere = entry.flag("IsSubproject") and not node.children
        if node.is_elsewhere:
            self._set_apart(node, stated or ZERO)
            return
        done = sum((a.actual_cost for a in assigned), ZERO)
        rest_actual = ZERO if actual is None else actual - below_actual - done
        if task.is_summary and not rest:
            rest_actual = ZERO
        stated_left = entry.amount("RemainingCost")
        if stated_left is None or task.is_summary:
            left = rest - rest_actual
        else:
            left = stated_left - sum((a.remaining_cost for a in assigned), ZERO)
        task.cost = cost + rest
        task.actual_cost = done + rest_actual
        task.remaining_cost = sum((a.remaining_cost for a in assigned), ZERO) + left
        self._work(node, assigned)
        # cost of a task that nobody is assigned to: its fixed cost, or that of its work
        category = "labour" if not node.assignments and not fixed and task.work else "other"
        accrual = _ACCRUALS.get(entry.texts.get("FixedCostAccrual", ""), "prorated")
        if left:
            task.remaining.append(
                Piece(category=category, amount=left, start=task.start, finish=task.finish, accrual=accrual)
            )
        for a in assigned:
            if a.piece.amount or a.piece.hours:
                task.remaining.append(a.piece)
        for number in sorted({*entry.baselines, *(n for a in node.assignments for n in a.baselines)}):
            self._baseline(node, number, category, accrual, own_is_counted)
        task.has_resource = task.has_resource or bool(task.cost)
        if entry.faults or any(a.faults for a in node.assignments):
            faults = [*entry.faults, *(f for a in node.assignments for f in a.faults)]
            task.fault = task.fault or "; ".join(dict.fromkeys(faults))[:400]

    def _work(self, node: _Node, assigned: Sequence[_Assigned]) -> None:
        entry, task = node.entry, node.task
        worked = sum((a.work for a in assigned), ZERO)
        if task.is_summary:
            task.work = worked
            task.actual_work = sum((a.actual_work for a in assigned), ZERO)
            return
        work, left, done = entry.hours("Work"), entry.hours("RemainingWork"), entry.hours("ActualWork")
        assigned_done = sum((a.actual_work for a in assigned), ZERO)
        task.work = worked if work is None else work
        task.actual_work = assigned_done if done is None else done
        if left is None and done is not None:
            left = task.work - done
        unassigned = task.work - worked if left is None else left - sum((a.left for a in assigned), ZERO)
        if unassigned > 0:
            task.remaining.append(Piece(category="labour", hours=unassigned, start=task.start, finish=task.finish))

    def _assignment(self, a: Entry) -> _Assigned:
        category, is_people, accrual = self._kind(a)
        cost, actual = a.amount("Cost") or ZERO, a.amount("ActualCost") or ZERO
        left_cost = a.amount("RemainingCost")
        left_cost = cost - actual if left_cost is None else left_cost
        work, done = a.hours("Work") or ZERO, a.hours("ActualWork") or ZERO
        left = a.hours("RemainingWork")
        left = work - done if left is None else left
        piece = Piece(
            category=category,
            hours=left if is_people else ZERO,
            amount=left_cost,
            start=a.date("Resume") or a.date("Start"),
            finish=a.date("Finish"),
            accrual=accrual,
            by_work=a.remaining if a.remaining and (is_people or accrual == "prorated") else None,
            late=a.late if is_people else ZERO,
        )
        return _Assigned(
            piece=piece,
            cost=cost,
            actual_cost=actual,
            remaining_cost=left_cost,
            work=work if is_people else ZERO,
            actual_work=done if is_people else ZERO,
            left=left if is_people else ZERO,
        )

    def _baseline(self, node: _Node, number: int, category: str, accrual: Accrual, own_is_counted: bool) -> None:
        entry, task = node.entry, node.task
        stated = entry.baselines.get(number, Baseline())
        pieces: list[Piece] = []
        cost, worked = ZERO, ZERO
        for a in node.assignments:
            of = a.baselines.get(number)
            if of is None:
                continue
            kind, is_people, accrues = self._kind(a)
            amount = self._cost_text(a, of.cost_text) or ZERO
            worked_here = (of.work or ZERO) if is_people else ZERO
            cost, worked = cost + amount, worked + worked_here
            pieces.append(
                Piece(
                    category=kind,
                    hours=worked_here,
                    amount=amount,
                    start=of.start or stated.start,
                    finish=of.finish or stated.finish,
                    accrual=accrues,
                    by_cost=a.by_cost.get(number),
                    by_work=a.by_work.get(number) if is_people or accrues == "prorated" else None,
                )
            )
        if task.is_summary:
            rest = stated.fixed_cost or ZERO if own_is_counted else ZERO
            rest_work = ZERO
        else:
            rest = ZERO if stated.cost is None else stated.cost - cost
            rest_work = ZERO if stated.work is None else stated.work - worked
            if rest_work < 0:  # the task's figure counts
                for piece in pieces:
                    piece.hours *= (stated.work or ZERO) / worked
                rest_work = ZERO
        if rest or rest_work:
            alone = not any(piece.hours or piece.amount for piece in pieces)
            pieces.append(
                Piece(
                    category="labour" if alone and rest_work else category,
                    hours=rest_work if alone else ZERO,
                    amount=rest,
                    start=stated.start,
                    finish=stated.finish,
                    accrual=accrual if not rest_work else "prorated",
                    by_cost=entry.by_cost.get(number) if alone else None,
                    by_work=entry.by_work.get(number) if alone else None,
                )
            )
            if rest_work and not alone:
                pieces.append(Piece(category="labour", hours=rest_work, start=stated.start, finish=stated.finish))
        pieces = [piece for piece in pieces if piece.amount or piece.hours]
        if any(piece.start is None and piece.finish is None for piece in pieces):
            self.undated.append(task.wbs_id)
            for piece in pieces:
                if piece.start is None and piece.finish is None:
                    piece.start, piece.finish = task.start, task.finish
        if pieces:
            task.baselines[number] = pieces
        if number == self.measured:
            task.baseline_start, task.baseline_finish = stated.start, stated.finish
            task.baseline_duration = stated.duration
            task.baseline_cost = sum((piece.amount for piece in pieces), ZERO)

    def _set_apart(self, node: _Node, stated: Decimal) -> None:
        node.task.is_summary = False
        self.warnings.append(
            f"the inserted project {node.task.name!r} ({shown(stated)}) stands in a file of its own: "
            "deliver that file; its cost and work were left out here"
        )

    # -- logic and totals --------------------------------------------------------------------------------------------

    def _links(self) -> list[Link]:
        links: list[Link] = []
        lost = 0
        elsewhere = {e.texts.get("UID") for e in self.raw.tasks if e.flag("ExternalTask")}
        for node in self.nodes:
            if node.task.task_id is None:
                continue
            for n, texts in enumerate(node.entry.links, start=1):
                before = texts.get("PredecessorUID", "")
                external = texts.get("CrossProject", "").lower() in ("1", "true") or before in self.left_out
                if before in self.left_out and before not in elsewhere:
                    continue  # an inactive task drives nothing
                if before == node.task.task_id or (before not in self.by_uid and not external) or not before:
                    lost += 1
                    continue
                links.append(
                    Link(
                        predecessor_id=before,
                        successor_id=node.task.task_id,
                        type=_LINKS.get(texts.get("Type", "1"), "FS"),
                        lag_hours=self._lag(texts, before),
                        place=f"{node.entry.place}/PredecessorLink[{n}]",
                        is_external=external,
                    )
                )
        if lost:
            self.warnings.append(f"{lost} links lead to a task itself or to none of the file, and were left out")
        if ring := circular(links):
            self.warnings.append(f"the links of {len(ring)} tasks run in a circle (UID {', '.join(ring[:5])})")
        return links

    def _lag(self, texts: dict[str, str], before: str) -> Decimal:
        """Hours of a lag, which is given in tenths of minutes, or in percent of the predecessor's duration."""
        lag = numbers.plain(texts.get("LinkLag", "")) or ZERO
        if whole(texts.get("LagFormat")) in _PERCENT:
            node = self.by_uid.get(before)
            duration = node.task.duration if node else None
            return (duration or ZERO) * lag / 100
        return lag / 600

    def _warn(self, schedule: Schedule, said: Sequence[str]) -> None:
        schedule.warnings.extend([*said, *self.warnings])
        for kind, (count, amount) in self.left_rows.items():
            if count:
                schedule.warnings.append(
                    f"{count} tasks {kind} were left out, which would cost {shown(Decimal(amount))} {schedule.currency}"
                )
        if self.raw.unread_phases:
            schedule.warnings.append(f"{self.raw.unread_phases} time-phased values cannot be read and were passed over")
        if self.undated:
            schedule.warnings.append(
                f"baselines of {len(self.undated)} tasks have cost or work and no dates (first: {self.undated[0]}); "
                "they are spread over the tasks' own dates"
            )
        if self.mismatched:
            wbs_id, amount = self.mismatched[0]
            schedule.warnings.append(
                f"the cost of {len(self.mismatched)} tasks is not that of their parts (first: {wbs_id}, "
                f"{shown(amount)} {schedule.currency}); the tasks' own cost counts, for summaries what is below them"
            )

    def _totals(self, schedule: Schedule) -> None:
        if self.root is None:
            return
        elsewhere = [node for node in self.nodes if node.is_elsewhere]
        apart_cost = sum((node.entry.amount("Cost") or ZERO for node in elsewhere), ZERO)
        apart_work = sum((node.entry.hours("Work") or ZERO for node in elsewhere), ZERO)
        for measure, stated, found, unit in (
            (
                "Cost",
                self.root.entry.amount("Cost"),
                sum((t.cost for t in schedule.tasks), apart_cost),
                schedule.currency,
            ),
            ("Work", self.root.entry.hours("Work"), sum((t.work for t in schedule.tasks), apart_work), "hours"),
        ):
            if stated is None:
                continue
            schedule.controls.append(
                ControlTotal(measure=f"{measure} of the project", unit=unit, stated=stated, found=found)
            )
            if abs(stated - found) > CENT:
                message = (
                    f"{measure} of the project summary task is {shown(stated)} {unit}, "
                    f"its tasks add up to {shown(found)}; the tasks count"
                )
                schedule.findings.append(
                    Finding(
                        rule="schedule_total",
                        severity="warning",
                        message=message,
                        profile="msproject",
                        entity=schedule.project_id,
                        source_line=self.root.entry.place,
                        amount=found - stated,
                        unit=unit,
                    )
                )
                schedule.warnings.append(message)


@dataclass(slots=True, kw_only=True)
class _Assigned:
    piece: Piece
    cost: Decimal
    actual_cost: Decimal
    remaining_cost: Decimal
    work: Decimal
    actual_work: Decimal
    left: Decimal


def _priced(task: Task) -> bool:
    return any(piece.amount for pieces in task.baselines.values() for piece in pieces)


def whole_percent(entry: Entry, name: str) -> Decimal | None:
    text = entry.texts.get(name)
    found = None if text is None else numbers.plain(text)
    if text is not None and (found is None or not 0 <= found <= 100):
        entry.faults.append(f"{name} {text[:20]!r} is no percentage from 0 to 100")
        return None
    return None if found is None else found / 100
