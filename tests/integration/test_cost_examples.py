"""Costs, quality and bridges that can be reckoned in the head: dropped as files, refreshed once, read from the marts.

The price and quantity split is the published example of the design (100 h at 10 planned, 90 h at 11 worked).
"""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from tests.integration.conftest import Home

pytestmark = pytest.mark.whole

PROJECTS = ("ACC", "DISC", "PART", "CRED", "TWO", "ALSO", "FX", "PQ", "ONE", "QUAL", "CHG")
TEAM = ("E1", "E2", "E3", "E4", "E5", "E6")

FILES = {
    "erp/customer.csv": "customer_id,customer_name\nC1,Customer",
    "erp/project.csv": "project_id,project_name,customer_id,currency_code,status,start_date,is_key_project\n"
    + "\n".join(f"{p},Project {p},C1,EUR,execute,2025-01-01,{str(p == 'PQ').lower()}" for p in PROJECTS),
    "erp/exchange_rate.csv": """
        from_currency,to_currency,rate_date,rate_type,rate
        USD,EUR,2025-01-01,budget,0.8
        USD,EUR,2025-01-15,daily,0.9
        USD,EUR,2025-02-14,daily,0.95
        """,
    "erp/employee.csv": "employee_id,employee_name,role_id\n"
    + "\n".join(f"{e},Person {e},R1" for e in TEAM),
    "erp/cost_rate.csv": "role_id,valid_from,hourly_rate,currency_code\nR1,2025-01-01,11,EUR",
    "erp/plan_version.csv": "project_id,plan_version_id,kind,approved_on,source\n"
    + "\n".join(f"{p},{v},{k},{d},sales" for p, v, k, d in (
        ("PQ", "A", "as_sold", "2025-01-02"), ("ONE", "A", "as_sold", "2025-01-02"),
        ("CHG", "A", "as_sold", "2025-01-02"), ("CHG", "F", "forecast", "2025-03-31"),
    )),
    "erp/plan_line.csv": """
        project_id,plan_version_id,month,category,role_id,hours,amount,currency_code
        PQ,A,2025-01,labour,R1,100,1000,EUR
        PQ,A,2025-01,revenue,,,1500,EUR
        ONE,A,2025-01,labour,R1,100,1000,EUR
        ONE,A,2025-01,revenue,,,1500,EUR
        CHG,A,2025-05,subcontract,,,800,EUR
        CHG,A,2025-05,revenue,,,1000,EUR
        CHG,F,2025-05,subcontract,,,900,EUR
        CHG,F,2025-05,revenue,,,1100,EUR
        """,
    "timesheets/time_entry.csv": "entry_id,employee_id,project_id,work_date,hours,activity\n"
    + "\n".join(
        f"{p}{e}{n},{e},{p},2025-01-{n + 6:02d},7.5,build"
        for p, team in (("PQ", TEAM), ("ONE", TEAM[:1])) for e in team for n in range(90 // len(team) * 2 // 15)
    )
    + "\nQ1,E1,QUAL,2025-02-03,4,REWORK: mast\nQ2,E1,QUAL,2025-02-04,2,framework",
    "erp/cost_line.csv": """
        cost_line_id,project_id,posting_date,category,amount,currency_code,supplier_id,document_number,description
        a,ACC,2025-02-10,material,1000,EUR,s1,00inv 1,cable
        b,DISC,2025-03-10,subcontract,490,EUR,S1,INV2,less 2 %
        c,PART,2025-02-10,travel,100,EUR,S1,INV3,first part
        d,PART,2025-04-10,travel,200,EUR,S1,INV3,the rest
        e,CRED,2025-03-10,material,-50,EUR,S1,CN4,
        f,TWO,2025-02-10,other,600,EUR,S1,INV5,
        g,ALSO,2025-03-10,other,400,EUR,S1,INV5,
        h,FX,2025-02-14,equipment,100,USD,S2,INV6,
        i,QUAL,2025-02-20,other,300,EUR,,CMP-2,allowance
        j,QUAL,2025-02-21,other,70,EUR,,,parts under warranty
        k,ACC,2025-02-11,material,5,EUR,S9,INV1,another supplier's number
        """,
    "invoices/invoice.csv": """
        invoice_id,direction,counterparty_id,issue_date,currency_code,type,project_id,net_amount,tax_amount,gross_amount
        INV1,supplier,S1,2025-01-20,EUR,invoice,ACC,1000,190,1190
        INV2,supplier,S1,2025-01-20,EUR,invoice,DISC,500,95,595
        INV3,supplier,S1,2025-01-20,EUR,invoice,PART,300,57,357
        CN4,supplier,S1,2025-02-20,EUR,credit_note,CRED,-50,-9.5,-59.5
        INV5,supplier,S1,2025-01-20,EUR,invoice,,1000,190,1190
        INV6,supplier,S2,2025-01-15,USD,invoice,FX,100,0,100
        INV7,supplier,S1,2025-01-20,EUR,invoice,NOWHERE,77,0,77
        """,
    "invoices/invoice_line.csv": """
        invoice_id,direction,counterparty_id,line_id,project_id,category,net_amount
        INV1,supplier,S1,1,,material,700
        INV1,supplier,S1,2,,uninstalled_material,300
        INV2,supplier,S1,1,,subcontract,500
        INV3,supplier,S1,1,,travel,300
        CN4,supplier,S1,1,,material,-50
        INV5,supplier,S1,1,TWO,other,600
        INV5,supplier,S1,2,ALSO,other,400
        INV6,supplier,S2,1,,equipment,100
        INV7,supplier,S1,1,,other,77
        """,
    "kpi/complaint.csv": """
        complaint_id,project_id,opened_on,severity,cost_amount,currency_code
        CMP-1,QUAL,2025-02-05,high,200,EUR
        CMP-2,QUAL,2025-02-05,high,250,EUR
        """,
    "projects/change_request.csv": """
        project_id,change_request_id,title,status,requested_on,decided_on,price_amount,cost_amount,currency_code
        CHG,C1,More,approved,2025-02-01,2025-02-15,100,70,EUR
        CHG,C2,Less,rejected,2025-02-01,2025-02-15,50,10,EUR
        """,
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: Any) -> Home:
    made = Home(path=tmp_path_factory.mktemp("costs") / "home")
    made.settings.create_home()
    for name, text in FILES.items():
        path = made.path / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")
    ended = made.run("refresh", "--no-site", "--json", OUTTURN_NOW="2025-06-30T12:00:00+00:00")
    assert ended.returncode == 0, ended.stderr
    assert not made.private("select * from ledger.rejected_rows")
    return made


@pytest.mark.parametrize(
    ("project", "column", "expected"),
    [
        # posted the month after, in other writing
        ("ACC", "material_cost_amount_base", {1: "1000", 2: "5"}),
        # posted with a discount: the accrual goes in full, the difference into the month of posting
        ("DISC", "subcontract_cost_amount_base", {1: "500", 3: "-10"}),
        # posted in two parts: no hole between them
        ("PART", "travel_cost_amount_base", {1: "300"}),
        # a credit note is an accrual that lowers the cost
        ("CRED", "material_cost_amount_base", {2: "-50"}),
        # one document, two projects, posted one after the other
        ("TWO", "other_cost_amount_base", {1: "600"}),
        ("ALSO", "other_cost_amount_base", {1: "400"}),
        # accrued at the day's rate, posted at another: the difference is in the posting's month
        ("FX", "equipment_cost_amount_base", {1: "90", 2: "5"}),
        ("FX", "fx_effect_amount_base", {1: "-10", 2: "-5"}),
        ("FX", "gross_margin_at_budget_rates_amount_base", {1: "-80"}),
        # 4 h at 11 of rework, 300 and 70 posted, 200 of the register
        ("QUAL", "quality_cost_amount_base", {2: "614"}),
        ("QUAL", "cost_of_sales_amount_base", {2: "436"}),
    ],
)
def test_costs_by_month(home: Home, project: str, column: str, expected: dict[int, str]) -> None:
    rows = home.published(
        f"select month(month), {column} from margin.margin_by_project_month where project_id = ?", project
    )
    assert {month: amount for month, amount in rows if amount} == {m: D(amount) for m, amount in expected.items()}


def test_uninstalled_material_keeps_its_kind_in_the_facts(home: Home) -> None:
    rows = home.published(
        "select origin, category, sum(amount) from core.fct_cost_lines where project_id = 'ACC' "
        "group by all order by all"
    )
    assert rows == [
        ("accrual", "material", D(700)), ("accrual", "uninstalled_material", D(300)),
        ("accrual_reversal", "material", D(-700)), ("accrual_reversal", "uninstalled_material", D(-300)),
        ("erp", "material", D(1005)),
    ]  # fmt: skip


def test_what_is_doubtful_is_named(home: Home) -> None:
    found = dict(home.published("select rule || ' ' || entity, amount_at_stake from ops.exceptions"))
    assert found["supplier_invoice_without_project INV7"] == D(77)
    assert found["posting_differs_from_invoice INV2"] == D(-10)
    assert found["complaint_cost_not_posted CMP-1"] == D(200)
    # posted in full, both
    assert not [
        name
        for name in found
        if name.startswith(("partly_posted", "accrual_without", "complaint_cost_not_posted CMP-2"))
    ]


def steps(home: Home, project: str, walk: tuple[str, str]) -> dict[str, D]:
    rows = home.published(
        "select driver, effect_amount_base from margin.margin_bridge "
        "where project_id = ? and from_version = ? and to_version = ?",
        project,
        *walk,
    )
    return {driver: effect for driver, effect in rows if effect}


def test_price_and_quantity_split(home: Home) -> None:
    assert steps(home, "PQ", ("as_sold", "actual")) == {"price": D(-1500), "hours": D(100), "rate": D(-90)}


def test_hours_of_one_person_are_not_told_from_his_rate(home: Home) -> None:
    assert steps(home, "ONE", ("as_sold", "actual")) == {"price": D(-1500), "hours": D(10)}
    (note,) = home.published("select max(note) from margin.margin_bridge where project_id = 'ONE'")
    assert "too few people" in note[0]


def test_approved_changes_are_a_step_of_their_own(home: Home) -> None:
    """100 for 70: of the 100 that subcontract rose, 70 is the change's."""
    assert steps(home, "CHG", ("as_sold", "forecast")) == {"approved_changes": D(30), "subcontract": D(-30)}


def test_key_projects_and_plans_at_completion(home: Home) -> None:
    assert home.published(
        "select project_group, as_sold_margin_amount_base, as_sold_margin_pct from margin.margin_by_key_projects_month "
        "where month = date '2025-06-01' order by 1"
    ) == [
        ("key projects", D(500), D("0.333333")),
        ("other projects", D(700), D("0.280000")),
    ]
