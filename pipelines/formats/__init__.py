"""Foreign and canonical file formats: bytes in, canonical rows as text out. No Dagster, no DuckDB, no ledger here."""
