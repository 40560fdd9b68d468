"""The canonical tables, each described once (YAML beside this file), and everything derived from them."""

from pipelines.contracts.model import (
    FEEDS,
    PROVENANCE,
    Column,
    Contract,
    Rule,
    contracts,
    feed_tables,
)

__all__ = ["FEEDS", "PROVENANCE", "Column", "Contract", "Rule", "contracts", "feed_tables"]
