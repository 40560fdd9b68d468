"""The dbt project from Python's side: where its artefacts go, which variables it gets, when it is parsed again.

What the models compute belongs in dbt_project; what starts them belongs in pipelines/defs.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.errors import OutturnError
from pipelines.settings import Settings
from pipelines.version import ROOT

DBT_DIR = ROOT / "dbt_project"


def dbt_environment(settings: Settings) -> None:
    """Puts into the environment what profiles.yml reads, for dbt's own process. Nothing secret is among it."""
    os.environ.update(
        OUTTURN_WAREHOUSE=str(settings.warehouse),
        DBT_LOG_PATH=str(settings.work / "dbt" / "logs"),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        DO_NOT_TRACK="1",
    )


def dbt_variables(settings: Settings) -> dict[str, Any]:
    """Variables of dbt_project.yml that the configuration decides. Stable between refreshes, so that parsing is not
    repeated; what changes with each refresh goes through `remember_parameters`."""
    return {
        "base_currency": settings.base_currency,
        "fiscal_year_start_month": settings.fiscal_year_start_month,
        "labour_cost_source": settings.labour_cost_source,
        "minimum_group": settings.minimum_group,
        "show_project_managers": settings.show_project_managers,
        "feeds": [
            {
                "table": table,
                "expected_every_seconds": int(feed.expected_every.total_seconds()),
                "late_after_seconds": int(feed.late_after.total_seconds()),
            }
            for table, feed in sorted(settings.feeds.items())
        ],
    }


def remember_parameters(settings: Settings, *, as_of: str | datetime) -> None:
    """Writes `ledger.parameters`: what models need and no argument, log or manifest may show (the pseudonym key) or
    what would make dbt parse anew each time (as_of); and reads the firm's own KPIs and closed months back.

    Raises CloseChanged where a closed month is not what it was, ConfigurationError where a file of KPIs cannot be used.
    """
    import duckdb

    from pipelines import kpi_rules
    from pipelines.closes import read_back, verified
    from pipelines.contracts.ddl import statements

    closes, rules = verified(settings), kpi_rules.read(settings)
    if isinstance(as_of, datetime):
        as_of = as_of.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    with duckdb.connect(str(settings.warehouse)) as connection:
        for statement in statements():
            connection.execute(statement)
        connection.begin()
        connection.execute("delete from ledger.parameters")
        connection.executemany(
            "insert into ledger.parameters values (?, ?)",
            [["as_of", as_of], ["pseudonym_key", settings.pseudonym_key()]],
        )
        kpi_rules.write(connection, rules)
        read_back(settings, connection, closes)
        connection.commit()


def _sources_hash() -> str:
    digest = hashlib.sha256()
    for folder in (DBT_DIR, ROOT / "data_tests" / "dbt"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".sql", ".py", ".yml", ".csv"} and "target" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def manifest_path(settings: Settings) -> Path:
    """The manifest of the dbt project, parsed anew only when a file of the project changed (a parse costs 3 to 8 s).

    Raises OutturnError with dbt's own words where the project does not parse.
    """
    target = settings.work / "dbt" / "target"
    manifest, stamp = target / "manifest.json", target / "parsed.json"
    dbt_environment(settings)
    now = {"sources": _sources_hash(), "variables": dbt_variables(settings)}
    if manifest.exists() and stamp.exists() and json.loads(stamp.read_text(encoding="utf-8")) == now:
        return manifest
    target.mkdir(parents=True, exist_ok=True)
    run = subprocess.run(
        [
            str(Path(sys.executable).parent / "dbt"),
            "parse",
            "--vars",
            json.dumps(dbt_variables(settings)),
            "--project-dir",
            str(DBT_DIR),
            "--profiles-dir",
            str(DBT_DIR),
            "--target-path",
            str(target),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise OutturnError(f"the dbt project does not parse: {run.stdout[-2000:]}", where=str(DBT_DIR))
    stamp.write_text(json.dumps(now), encoding="utf-8")
    return manifest


def public_models() -> list[tuple[str, str]]:
    """Schema and name of every model that is published, as the folders of the dbt project say."""
    models = DBT_DIR / "models"
    roots = [("core", models / "core"), ("ops", models / "ops")]
    roots += [(folder.name, folder) for folder in sorted((models / "marts").iterdir()) if folder.is_dir()]
    return [(schema, path.stem) for schema, folder in roots for path in sorted(folder.rglob("*.sql"))]
