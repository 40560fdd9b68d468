"""Rules about the data: expectations (Great Expectations suites) here, SQL identities of dbt beside them."""
