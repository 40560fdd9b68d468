"""DuckDB tables of the private warehouse, derived from the contracts.

`raw.<table>` holds the version of each row that is in force, `history.<table>` the versions that a later file
replaced, `ledger.*` what landing did. No other module creates these schemas.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.contracts.model import PROVENANCE, Contract, contracts

LEDGER = {
    "loads": {
        "load_number": "BIGINT",  # order of arrival; a replay of the archive follows it
        "source_file_id": "VARCHAR",
        "table_name": "VARCHAR",
        "file_name": "VARCHAR",
        "sha256": "VARCHAR",
        "feed": "VARCHAR",
        "format": "VARCHAR",
        "source_system": "VARCHAR",  # the tool whose names project_alias knows; null for canonical files
        "loaded_at": "TIMESTAMP",
        "rows_read": "BIGINT",
        "rows_loaded": "BIGINT",
        "rows_rejected": "BIGINT",
        "rows_unchanged": "BIGINT",
        "rows_restated": "BIGINT",  # of the loaded ones
        "rows_withdrawn": "BIGINT",  # of earlier files, replaced by this full export of their period
        "amount_column": "VARCHAR",
        "amount_read": "DECIMAL(38,6)",
        "amount_loaded": "DECIMAL(38,6)",
        "amount_rejected": "DECIMAL(38,6)",
        "amount_unchanged": "DECIMAL(38,6)",
        "amounts_unreadable": "BIGINT",  # rejected rows whose amount is not a number
        "status": "VARCHAR",
        "reason": "VARCHAR",
        "warnings": "VARCHAR",
    },
    "rejected_rows": {
        "source_file_id": "VARCHAR",
        "table_name": "VARCHAR",
        "source_line": "VARCHAR",
        "column_name": "VARCHAR",
        "value": "VARCHAR",
        "reason": "VARCHAR",
        "remedy": "VARCHAR",
    },
    # the rejected rows themselves, once each, so that they can be exported, corrected and dropped back in
    "rejected_records": {
        "source_file_id": "VARCHAR",
        "table_name": "VARCHAR",
        "source_line": "VARCHAR",
        "record": "VARCHAR",  # JSON: canonical column -> the cell's text
        "settled_by_file_id": "VARCHAR",  # the file that brought the corrected row
    },
    # totals that a file states about itself, beside what was found in it
    "control_totals": {
        "source_file_id": "VARCHAR",
        "measure": "VARCHAR",
        "unit": "VARCHAR",
        "stated": "DECIMAL(38,6)",
        "found": "DECIMAL(38,6)",
    },
    # rules of a format that a loaded file breaks
    "findings": {
        "source_file_id": "VARCHAR",
        "rule": "VARCHAR",
        "severity": "VARCHAR",
        "profile": "VARCHAR",
        "entity": "VARCHAR",
        "source_line": "VARCHAR",
        "message": "VARCHAR",
        "amount": "DECIMAL(38,6)",
        "unit": "VARCHAR",
    },
    "closes": {
        "month": "DATE",
        "closed_at": "TIMESTAMP",
        "hash": "VARCHAR",
        "code_version": "VARCHAR",
        "input_hash": "VARCHAR",
        "last_load_number": "BIGINT",  # of ledger.loads at the close; what came later has a higher one
    },
    # the documents behind the figures of closed months, as closed; read back from closes/<month>/documents.parquet
    "closed_documents": {
        "month": "DATE",
        "project_id": "VARCHAR",
        "measure": "VARCHAR",
        "document_key": "VARCHAR",
        "document_type": "VARCHAR",
        "document": "VARCHAR",
        "document_number": "VARCHAR",
        "source_file_id": "VARCHAR",
        "amount_base": "DECIMAL(38,12)",
    },
    # the firm's own KPIs and thresholds (pipelines/kpi_rules.py), in the columns of the seeds of the same names
    "kpi_dictionary": {
        "kpi_code": "VARCHAR",
        "kpi_name": "VARCHAR",
        "dimension": "VARCHAR",
        "formula": "VARCHAR",
        "numerator": "VARCHAR",
        "denominator": "VARCHAR",
        "scale": "DECIMAL(18,6)",
        "unit": "VARCHAR",
        "direction": "VARCHAR",
        "natural_lower": "DECIMAL(24,6)",
        "natural_upper": "DECIMAL(24,6)",
        "origin": "VARCHAR",
        "aggregation": "VARCHAR",
        "within_month": "VARCHAR",
        "numerator_kpi": "VARCHAR",
        "denominator_kpi": "VARCHAR",
        "role": "VARCHAR",
        "carried_months": "INTEGER",
        "is_charted": "BOOLEAN",
        "owner": "VARCHAR",
    },
    "kpi_thresholds": {
        "kpi_code": "VARCHAR",
        "customer_id": "VARCHAR",
        "business_group": "VARCHAR",
        "applies_to": "VARCHAR",
        "valid_from": "DATE",
        "valid_to": "DATE",
        "target": "DECIMAL(24,6)",
        "amber_lower": "DECIMAL(24,6)",
        "amber_upper": "DECIMAL(24,6)",
        "red_lower": "DECIMAL(24,6)",
        "red_upper": "DECIMAL(24,6)",
    },
    # what the models read of a refresh and no log or manifest may show: as_of, pseudonym_key
    "parameters": {"name": "VARCHAR", "value": "VARCHAR"},
}


def _columns(contract: Contract) -> str:
    own = [f"{c.name} {c.duckdb_type}" for c in contract.columns]
    return ", ".join(own + [f"{name} {kind}" for name, (kind, _) in PROVENANCE.items()])


def statements() -> Iterator[str]:
    """Idempotent DDL: running it on an existing warehouse changes nothing."""
    for schema in ("raw", "history", "ledger"):
        yield f"create schema if not exists {schema}"
    for contract in contracts().values():
        yield f"create table if not exists raw.{contract.name} ({_columns(contract)})"
        yield (
            f"create table if not exists history.{contract.name} "
            f"({_columns(contract)}, superseded_by_file_id VARCHAR, superseded_at TIMESTAMP)"
        )
    for table, columns in LEDGER.items():
        body = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        yield f"create table if not exists ledger.{table} ({body})"
    # a ledger of before these columns
    for table, column in (
        ("loads", "source_system VARCHAR"),
        ("loads", "rows_withdrawn BIGINT"),
        ("closes", "last_load_number BIGINT"),
    ):
        yield f"alter table ledger.{table} add column if not exists {column}"
