"""The door of the feed `invoices`: headers and lines of invoices and credit notes, sent and received."""

from __future__ import annotations

from collections.abc import Iterator

from data_tests.expectations.door import feed_checks, rule
from pipelines.quality.checks import Check, SuiteContext

EVENTS = {"invoice": "issue_date"}

_HEADER = "(invoice_id, direction, counterparty_id)"


def checks(context: SuiteContext) -> Iterator[Check]:
    yield from feed_checks("invoices", events=EVENTS, as_of=context.as_of)
    yield rule(
        "invoice",
        "net_and_tax_make_gross",
        breaks="net_amount + tax_amount <> gross_amount",
        holds="net_amount + tax_amount = gross_amount (EN 16931, BR-CO-15)",
        remedy="ask the issuer for a corrected invoice; revenue and cost are taken from the net amount",
        column="gross_amount",
    )
    yield rule(
        "invoice",
        "due_after_issue",
        breaks="due_date < issue_date",
        holds="an invoice is not due before it is issued",
        remedy="correct due_date; overdue days are counted from it",
        column="due_date",
    )
    yield rule(
        "invoice",
        "credit_note_is_negative",
        breaks="type = 'credit_note' and net_amount > 0",
        holds="a credit note's net_amount is 0 or below, so that it lowers revenue or cost",
        remedy="deliver the credit note with negative amounts, or as type invoice if it is one",
        column="net_amount",
    )
    yield rule(
        "invoice",
        "invoice_has_lines",
        breaks=f"{_HEADER} not in (select {_HEADER} from raw.invoice_line)",
        holds="every invoice has at least one line",
        remedy="deliver its invoice_line rows; until then its net amount counts as one line, with the header's project",
        column="invoice_id",
        reads=("invoice_line",),
    )
    yield rule(
        "invoice",
        "lines_make_the_net_amount",
        breaks=(
            "exists (select 1 from (select invoice_id, direction, counterparty_id, sum(net_amount) as net_amount "
            "from raw.invoice_line group by invoice_id, direction, counterparty_id) as lines "
            "where lines.invoice_id = b.invoice_id and lines.direction = b.direction "
            "and lines.counterparty_id = b.counterparty_id and lines.net_amount <> b.net_amount)"
        ),
        holds="the lines of an invoice sum to its net_amount (EN 16931, BR-CO-10 and BR-CO-13)",
        remedy="deliver what is missing as lines, allowances and charges too; until then the rest counts as one line",
        column="net_amount",
        reads=("invoice_line",),
    )
    yield rule(
        "invoice_line",
        "line_has_a_header",
        breaks=f"{_HEADER} not in (select {_HEADER} from raw.invoice)",
        holds="every line belongs to a delivered invoice",
        remedy="deliver the invoice's header: without its date and currency the line is in no month",
        column="invoice_id",
        reads=("invoice",),
    )
