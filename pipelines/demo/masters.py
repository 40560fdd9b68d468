"""Master data: customers, programmes, projects, their other names, WBS, people and cost rates as canonical rows."""

from __future__ import annotations

from pipelines.demo import firm
from pipelines.demo.billing import BY_ORDER
from pipelines.demo.costs import Tables
from pipelines.demo.effort import Workforce
from pipelines.demo.firm import CUSTOMERS, PROGRAMMES, PROJECTS, WBS
from pipelines.demo.plans import Course
from pipelines.demo.schedule import milestones

# name, source system, project
ALIASES = (
    ("OSS-CON", "*", "P-1012"),
    ("KUNDE-44-0815", "*", "P-1002"),
    ("PVT-CC-BUILD", "*", "P-1005"),
    *((order, "*", project) for project, order in BY_ORDER.items()),
)


def masters(force: Workforce, told: dict[str, Course], tables: Tables) -> None:
    """Fills customer, programme, project, project_alias, wbs_element, employee and cost_rate."""
    periods = force.periods
    for c in CUSTOMERS:
        tables["customer"].append(
            {
                "customer_id": c.id,
                "customer_name": c.name,
                "country_code": c.country,
                "segment": c.segment,
                "payment_terms_days": c.terms,
                "vat_id": c.vat_id,
            }
        )
    for programme, name, customer, manager in PROGRAMMES:
        tables["programme"].append(
            {
                "programme_id": programme,
                "programme_name": name,
                "customer_id": customer,
                "programme_manager": manager,
            }
        )
    for p in PROJECTS:
        stones = milestones(told[p.id])
        ended = p.status == "closed"
        tables["project"].append(
            {
                "project_id": p.id,
                "project_name": p.name,
                "customer_id": p.customer,
                "programme_id": p.programme or None,
                "business_group": p.group,
                "market": firm.market_of(p),
                "project_manager": p.manager,
                "currency_code": firm.currency_of(p),
                "status": p.status,
                "is_key_project": p.is_key,
                "start_date": periods.first(p.start),
                "planned_end_date": periods.last(p.planned_end),
                "actual_end_date": stones[-1].true if ended else None,
            }
        )
        for wbs, parent, name, rule, _ in WBS[p.kind]:
            tables["wbs_element"].append(
                {
                    "project_id": p.id,
                    "wbs_id": wbs,
                    "parent_wbs_id": parent or None,
                    "wbs_name": name,
                    "earning_rule": rule,
                }
            )
    for alias, system, project_id in ALIASES:
        tables["project_alias"].append(
            {"alias": alias, "source_system": system, "project_id": project_id, "wbs_id": None}
        )
    for person in force.people:
        tables["employee"].append(
            {
                "employee_id": person.id,
                "employee_name": person.name,
                "role_id": person.role,
                "cost_centre": firm.ROLE[person.role].cost_centre,
                "market": person.market,
                "weekly_capacity_hours": person.weekly,
                "start_date": periods.first(-18 if person.first is None else person.first),
                "end_date": None if person.last is None else periods.last(person.last),
            }
        )
    for rate in force.rates:
        tables["cost_rate"].append(
            {
                "employee_id": rate.employee or None,
                "role_id": rate.role or None,
                "valid_from": rate.valid_from,
                "valid_to": rate.valid_to,
                "hourly_rate": rate.hourly,
                "currency_code": rate.currency,
            }
        )
