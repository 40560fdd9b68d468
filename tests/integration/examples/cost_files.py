"""Costs, quality and bridges that can be reckoned in the head, as the text of files; `test_costs.py` has the figures.

The price and quantity split is the published example of the design (100 h at 10 planned, 90 h at 11 worked).
"""

from __future__ import annotations

from pathlib import Path

PROJECTS = ("ACC", "DISC", "PART", "CRED", "TWO", "ALSO", "FX", "PQ", "ONE", "QUAL", "CHG")
TEAM = tuple(f"C-E{number}" for number in range(1, 7))
OTHERS = ("ONE", "CHG")  # a business group

FILES = {
    "erp/project_costs.csv": "project_id,project_name,customer_id,currency_code,status,start_date,is_key_project,"
    "business_group\n"
    + "\n".join(
        f"{p},Project {p},C1,EUR,execute,2025-01-01,{str(p == 'PQ').lower()},{'costs: others' * (p in OTHERS)}"
        for p in PROJECTS
    ),
    "erp/exchange_rate_costs.csv": """
        from_currency,to_currency,rate_date,rate_type,rate
        THB,EUR,2025-01-01,budget,0.8
        THB,EUR,2025-01-15,daily,0.9
        THB,EUR,2025-02-14,daily,0.95
        """,
    "erp/employee_costs.csv": "employee_id,employee_name,role_id\n"
    + "\n".join(f"{e},Person {e},C-R1" for e in TEAM),
    "erp/cost_rate_costs.csv": "role_id,valid_from,hourly_rate,currency_code\nC-R1,2025-01-01,11,EUR",
    "erp/plan_version_costs.csv": "project_id,plan_version_id,kind,approved_on,source\n"
    + "\n".join(f"{p},{v},{k},{d},sales" for p, v, k, d in (
        ("PQ", "A", "as_sold", "2025-01-02"), ("ONE", "A", "as_sold", "2025-01-02"),
        ("CHG", "A", "as_sold", "2025-01-02"), ("CHG", "F", "forecast", "2025-03-31"),
    )),
    "erp/plan_line_costs.csv": """
        project_id,plan_version_id,month,category,role_id,hours,amount,currency_code
        PQ,A,2025-01,labour,C-R1,100,1000,EUR
        PQ,A,2025-01,revenue,,,1500,EUR
        ONE,A,2025-01,labour,C-R1,100,1000,EUR
        ONE,A,2025-01,revenue,,,1500,EUR
        CHG,A,2025-05,subcontract,,,800,EUR
        CHG,A,2025-05,revenue,,,1000,EUR
        CHG,F,2025-05,subcontract,,,900,EUR
        CHG,F,2025-05,revenue,,,1100,EUR
        """,
    "timesheets/time_entry_costs.csv": "entry_id,employee_id,project_id,work_date,hours,activity\n"
    + "\n".join(
        f"{p}{e}{n},{e},{p},2025-01-{n + 6:02d},7.5,build"
        for p, team in (("PQ", TEAM), ("ONE", TEAM[:1])) for e in team for n in range(90 // len(team) * 2 // 15)
    )
    + "\nQ1,C-E1,QUAL,2025-02-03,4,REWORK: mast\nQ2,C-E1,QUAL,2025-02-04,2,framework",
    "erp/cost_line_costs.csv": """
        cost_line_id,project_id,posting_date,category,amount,currency_code,supplier_id,document_number,description
        a,ACC,2025-02-10,material,1000,EUR,s1,00inv 1,cable
        b,DISC,2025-03-10,subcontract,490,EUR,S1,INV2,less 2 %
        c,PART,2025-02-10,travel,100,EUR,S1,INV3,first part
        d,PART,2025-04-10,travel,200,EUR,S1,INV3,the rest
        e,CRED,2025-03-10,material,-50,EUR,S1,CN4,
        f,TWO,2025-02-10,other,600,EUR,S1,INV5,
        g,ALSO,2025-03-10,other,400,EUR,S1,INV5,
        h,FX,2025-02-14,equipment,100,THB,S2,INV6,
        i,QUAL,2025-02-20,other,300,EUR,,CMP-2,allowance
        j,QUAL,2025-02-21,other,70,EUR,,,parts under warranty
        k,ACC,2025-02-11,material,5,EUR,S9,INV1,another supplier's number
        """,
    "invoices/invoice_costs.csv": """
        invoice_id,direction,counterparty_id,issue_date,currency_code,type,project_id,net_amount,tax_amount,gross_amount
        INV1,supplier,S1,2025-01-20,EUR,invoice,ACC,1000,190,1190
        INV2,supplier,S1,2025-01-20,EUR,invoice,DISC,500,95,595
        INV3,supplier,S1,2025-01-20,EUR,invoice,PART,300,57,357
        CN4,supplier,S1,2025-02-20,EUR,credit_note,CRED,-50,-9.5,-59.5
        INV5,supplier,S1,2025-01-20,EUR,invoice,,1000,190,1190
        INV6,supplier,S2,2025-01-15,THB,invoice,FX,100,0,100
        INV7,supplier,S1,2025-01-20,EUR,invoice,NOWHERE,77,0,77
        """,
    "invoices/invoice_line_costs.csv": """
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
    "kpi/complaint_costs.csv": """
        complaint_id,project_id,opened_on,severity,cost_amount,currency_code
        CMP-1,QUAL,2025-02-05,high,200,EUR
        CMP-2,QUAL,2025-02-05,high,250,EUR
        """,
    "projects/change_request_costs.csv": """
        project_id,change_request_id,title,status,requested_on,decided_on,price_amount,cost_amount,currency_code
        CHG,C1,More,approved,2025-02-01,2025-02-15,100,70,EUR
        CHG,C2,Less,rejected,2025-02-01,2025-02-15,50,10,EUR
        """,
}  # fmt: skip


def write(inbox: Path) -> None:
    for name, text in FILES.items():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")
