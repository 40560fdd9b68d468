"""The gates: run the suites of `data_tests.expectations` and say what blocks a publication.

`gate.run_gate` is the entry; `results` holds what it found, for whoever shows or publishes it. The rules themselves
are not here but in `data_tests/expectations`. Great Expectations takes about 6 s to import, so only `expectations`,
`data_docs` and `duckdb_dialect` import it, and everybody imports those inside functions.
"""
