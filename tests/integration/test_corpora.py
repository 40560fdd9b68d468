"""Real files to a published warehouse: public e-invoice test suites and the time logs of real projects."""

from __future__ import annotations

from decimal import Decimal

import pytest

from benchmarks import corpora
from tests.integration.conftest import Home

pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(not corpora.CORPORA.exists(), reason=f"no corpora at {corpora.CORPORA} (set OUTTURN_CORPORA)"),
]


def test_every_invoice_and_time_log_is_loaded_or_refused_and_published(tmp_path):
    home = Home(path=tmp_path / "home")
    put = corpora.prepare(home.path)
    outcome = home.refresh()
    assert outcome["manifest"]["checks"]["critical"] == 0
    files = dict(
        home.published(
            "select status, count(distinct source_file_id) from ops.loads where feed = 'invoices' group by status"
        )
    )
    # a few documents of the suites are the same bytes under two names
    duplicates = outcome["refresh"]["files_duplicate"]
    assert files["loaded"] + files["refused"] + duplicates == put["invoice files"]
    assert files["loaded"] > 100
    unexplained = home.published("select file_name from ops.loads where status = 'refused' and reason is null")
    assert unexplained == []
    (log,) = home.private(
        "select rows_read, rows_loaded + rows_rejected, amount_read, amount_loaded + amount_rejected "
        "from ledger.loads where table_name = 'time_entry'"
    )
    assert log[0] == log[1] == 93_633
    assert log[2] == log[3]
    (labour,) = home.published("select sum(labour_cost_amount_base) from margin.margin_by_project_month")
    (hours,) = home.private(
        "select sum(e.hours) from raw.time_entry e join raw.project p on e.project_id = p.project_id"
    )
    # each published cell is rounded once, half a cent at most
    assert abs(labour[0] - hours[0] * Decimal(corpora.NOMINAL_RATE)) < 50
