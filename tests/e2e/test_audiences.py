"""The site of an audience: built of filtered rows, and no byte of it tells of a hidden project."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.publishing import publications, snapshot
from pipelines.publishing.audiences.publish import publish_audiences, settings_of
from pipelines.settings import Audience, Settings
from tests.e2e.fixture_snapshot import write_snapshot
from tests.written import places

# planted into the rows of a project and of its customer that the audience must not see
NAME, CUSTOMER, AMOUNT = "Zephyrquill Harbour", "Quuxbridge Holdings", "48151623.42"
NEEDLES = {"Zephyrquill", "Quuxbridge", "48151623", "48,151,623", "P-004"}


@pytest.fixture(scope="module")
def home(tmp_path_factory, packages) -> Settings:
    audience = Audience(name="DACH team", sees={"market": ("DACH",)})
    settings = Settings(home=tmp_path_factory.mktemp("audiences") / "home", audiences=(audience,))
    settings.create_home()
    staged = snapshot.staged_path(settings)
    write_snapshot(staged)
    staged.chmod(0o644)
    with duckdb.connect(str(staged)) as connection:
        for statement in (
            f"update core.dim_projects set project_name = '{NAME}', customer_name = '{CUSTOMER}' "
            "where project_id = 'P-004'",
            f"update core.dim_customers set customer_name = '{CUSTOMER}' where customer_id = 'C3'",
            f"update margin.margin_by_project_month set revenue_amount_base = {AMOUNT} where project_id = 'P-004'",
            f"update ops.exceptions set message = 'as for {NAME}' where project_id = 'P-001'",
            f"update ops.loads set file_name = '{NAME}.csv'",
            f"update margin.receivables_ageing set open_amount_base = {AMOUNT} where project_id = 'P-004'",
        ):
            connection.execute(statement)
    manifest = {"refresh_id": "x", "as_of": "2026-11-21 05:00:00", "checks": {}}
    publications.publish(settings, manifest=manifest, site=None)
    return settings


def test_no_byte_of_an_audiences_site_tells_of_a_hidden_project(home):
    (done,) = publish_audiences(home, site=True)
    assert done.status == "published", done.message
    own = settings_of(home, home.audiences[0])
    everything: Path = own.published
    assert len([path for path in everything.rglob("*") if path.is_file()]) > 100
    assert {"Zephyrquill", "48151623"} <= set(places(home.published / "current", NEEDLES)), "they are there for others"
    assert places(everything, NEEDLES) == {}
    # what is seen is there
    pages = everything / "current" / "site" / "projects"
    assert (pages / "P-001" / "index.html").is_file() or (pages / "P-001.html").is_file()
    assert "Core network renewal" in places(everything / "current" / "site", {"Core network renewal"})
