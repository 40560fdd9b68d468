"""Tabular files as they stand: one module per physical format, every cell as text. No column is interpreted here."""
