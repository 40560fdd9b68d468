"""What a SAF-T file says about itself, beside what was found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.errors import RefusedFile
from pipelines.formats.base import ControlTotal, Finding
from pipelines.formats.decimals import number, places, rounded, shown

_HALF_A_CENT = Decimal("0.005")
_LISTED = 100  # accounts whose closing balance differs, each with a total of its own


@dataclass
class Controls:
    """Totals and findings, and in words what does not agree."""

    totals: list[ControlTotal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)

    def find(
        self, rule: str, message: str, *, severity: str = "warning", entity: str | None = None,
        amount: Decimal | None = None, unit: str | None = None,
    ) -> None:  # fmt: skip
        self.findings.append(
            Finding(
                rule=rule, severity=severity, profile="saft", entity=entity, message=message, amount=amount, unit=unit
            )  # type: ignore[arg-type]
        )  # fmt: skip

    def compare(
        self,
        stated: Mapping[str, str],
        *,
        section: str,
        debit: Decimal,
        credit: Decimal,
        entries: int,
        lines: int,
        unit: str,
    ) -> None:
        """The totals of one section. A section that states none is named."""
        if not stated:
            self.find("saft-control-totals", f"{section} states no control totals", severity="notice", entity=section)
        self._count(stated.get("NumberOfEntries"), section=section, entries=entries, lines=lines)
        for name, found in (("TotalDebit", debit), ("TotalCredit", credit)):
            text = stated.get(name)
            if text is None:
                continue
            value = number(text)
            if value is None:
                self.disagreements.append(f"{section}/{name} is no number")
                continue
            self.totals.append(ControlTotal(measure=f"{section} {name}", unit=unit, stated=value, found=found))
            difference = value - found
            if rounded(found, places(text)) == value:
                continue
            if found != rounded(found, 2) and abs(difference) <= _HALF_A_CENT * lines:
                self.find(
                    "saft-control-totals",
                    f"{section}/{name} says {shown(value)}, the lines add up to {shown(found)}: no more than the "
                    "rounding of each line to cents",
                    severity="notice",
                    entity=section,
                    amount=difference,
                    unit=unit,
                )
                continue
            self._differs(section, name, value, found, unit)

    def _count(self, text: str | None, *, section: str, entries: int, lines: int) -> None:
        if text is None:
            return
        value = number(text)
        if value is None:
            self.disagreements.append(f"{section}/NumberOfEntries is no number")
            return
        counts_lines = value == lines != entries
        found = Decimal(lines if counts_lines else entries)
        self.totals.append(
            ControlTotal(measure=f"{section} NumberOfEntries", unit="entries", stated=value, found=found)
        )
        if counts_lines:
            self.find(
                "saft-control-totals",
                f"{section}/NumberOfEntries counts the {lines} lines, not the {entries} entries",
                severity="notice",
                entity=section,
            )
        elif value != entries:
            self._differs(section, "NumberOfEntries", value, found, None)

    def _differs(self, section: str, name: str, stated: Decimal, found: Decimal, unit: str | None) -> None:
        show = shown if unit else lambda value: f"{value:f}"
        text = (
            f"{section}/{name} says {show(stated)}, in the file are {show(found)} (difference {show(stated - found)})"
        )
        self.disagreements.append(text)
        self.find(
            "saft-control-totals", text, severity="critical", entity=section,
            amount=stated - found if unit else None, unit=unit,
        )  # fmt: skip

    def closing_balances(
        self, accounts: Sequence[Mapping[str, str]], movements: Mapping[str, Decimal], *, unit: str
    ) -> None:
        """Opening balance and movements against the closing balance, where master data have both."""
        given, differing = 0, []
        for account in accounts:
            opening, closing = _balance(account, "Opening"), _balance(account, "Closing")
            if opening is None or closing is None:
                continue
            given += 1
            code = account["AccountID"]
            found = opening + movements.get(code, Decimal(0))
            if found != closing:
                differing.append(
                    ControlTotal(measure=f"closing balance of {code}", unit=unit, stated=closing, found=found)
                )
        if not given:
            return
        self.totals.append(
            ControlTotal(
                measure="accounts whose closing balance is opening balance and movements",
                unit="accounts",
                stated=Decimal(given),
                found=Decimal(given - len(differing)),
            )
        )
        self.totals.extend(differing[:_LISTED])
        if differing:
            largest = max(differing, key=lambda total: abs(total.stated - total.found))
            self.find(
                "saft-closing-balance",
                f"of {given} accounts {len(differing)} close with something else than opening balance and movements; "
                f"the largest difference is {shown(largest.stated - largest.found)} ({largest.measure})",
                amount=largest.stated - largest.found,
                unit=unit,
            )

    def enforce(self, *, where: str, reports: bool) -> None:
        """Raises RefusedFile where totals do not agree, unless the configuration only wants them reported."""
        if self.disagreements and not reports:
            raise RefusedFile(
                "the control totals do not agree with the file: " + "; ".join(self.disagreements[:5]),
                where=where,
                remedy='export the file again; where it is right all the same, set control_totals = "report" under '
                "[saft] in outturn.toml",
            )


def _balance(account: Mapping[str, str], kind: str) -> Decimal | None:
    debit, credit = (account[f"{kind}{side}Balance"] for side in ("Debit", "Credit"))
    if not debit and not credit:
        return None
    amounts = [number(text) if text else Decimal(0) for text in (debit, credit)]
    if amounts[0] is None or amounts[1] is None:
        return None
    return amounts[0] - amounts[1]


def few(names: Sequence[str], limit: int = 8) -> str:
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
