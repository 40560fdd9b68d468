"""What the `outturn` command does, one module a command; `pipelines.cli` only reads arguments and prints."""
