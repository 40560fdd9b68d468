"""docs/formats.md: its examples work and its list of tables is the contracts'."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.contracts import FEEDS, contracts
from pipelines.formats.profiles import load_profiles, read_profile

DOCS = (Path(__file__).parents[3] / "docs" / "formats.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_the_examples_are_profiles(example: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")
    assert read_profile(path).name in example


def test_there_are_examples() -> None:
    assert [example.splitlines()[0] for example in EXAMPLES] == [
        "name: cesaw_time_log",
        "name: our_erp_costs",
        "name: our_payments",
    ]


def test_the_list_of_tables_is_that_of_the_contracts() -> None:
    rows = [
        f"| `{c.name}` | {', '.join(c.required)} | {', '.join(n for n in c.column_names if n not in c.required)} |"
        for c in contracts().values()
    ]
    assert [line for line in DOCS.splitlines() if line in rows] == rows
    assert re.findall(r"\*\*inbox/(\w+)\*\*", DOCS) == list(FEEDS)


def test_the_shipped_profiles_are_listed() -> None:
    listed = re.findall(r"^\| `(\w+)` \| [^|]* \| `(\w+)` \|$", DOCS, re.MULTILINE)
    assert sorted(listed) == sorted((profile.name, profile.table) for profile in load_profiles())
