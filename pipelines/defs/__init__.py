"""Dagster wiring, autoloaded. No logic: each body calls a function that knows nothing of Dagster."""
