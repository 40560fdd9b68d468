"""The files of a production set-up: units that systemd accepts, a compose file whose every command and path exists."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from pipelines.cli import cli
from pipelines.commands.service import NAMES, command_of
from pipelines.dagster_home import STORAGE
from pipelines.errors import ConfigurationError
from pipelines.settings import load_settings
from pipelines.version import ROOT

DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def accepted(arguments: list[str]) -> click.Context:
    """The command line as click takes it; raises where it does not."""
    context = click.Context(cli)
    name, command, rest = cli.resolve_command(context, arguments)
    return command.make_context(name, rest, parent=context)


def settings_of(unit: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str
    parsed.read_string(unit.read_text(encoding="utf-8"))
    return parsed


def test_there_is_a_unit_for_each_service_and_a_target_for_all() -> None:
    assert [unit.name for unit in UNITS] == [*(f"outturn-{name}.service" for name in sorted(NAMES)), "outturn.target"]
    wanted = settings_of(DEPLOY / "systemd" / "outturn.target")["Unit"]["Wants"].split()
    assert sorted(wanted) == [unit.name for unit in UNITS[:-1]]


@pytest.mark.parametrize("name", NAMES)
def test_a_unit_starts_a_command_that_exists_with_secrets_from_a_file_alone(name: str, tmp_path: Path) -> None:
    service = settings_of(DEPLOY / "systemd" / f"outturn-{name}.service")["Service"]
    program, *arguments = service["ExecStart"].split()
    assert program == "/opt/outturn/.venv/bin/outturn"
    assert accepted(arguments).params["name"] == name
    assert accepted(arguments).params["host"] == "127.0.0.1"
    assert service["EnvironmentFile"] == "-/etc/outturn/environment"
    key, _, value = service["Environment"].partition("=")
    assert load_settings(environment={key: str(tmp_path)}).home == tmp_path
    assert value == f"/var/lib/{service['StateDirectory']}"
    assert service["User"] != "root"


def test_each_service_is_a_program_of_the_environment() -> None:
    for name in ("daemon", "webserver"):
        command = command_of(name, host="127.0.0.1", port=3000)
        assert Path(command[0]).exists()
        assert command[-2:] == ["--module-name", "pipelines.definitions"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """Under the paths of this checkout: systemd looks whether the programs are there."""
    program = f"{shutil.which('outturn') or ROOT / '.venv' / 'bin' / 'outturn'}"
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/outturn/.venv/bin/outturn", program)
        (tmp_path / unit.name).write_text(text.replace("/opt/outturn", str(ROOT)), encoding="utf-8")
    wrong = tmp_path / "wrong.service"
    wrong.write_text(
        (tmp_path / "outturn-site.service").read_text(encoding="utf-8").replace("ExecStart=", "ExecStrat="),
        encoding="utf-8",
    )

    def verify(*units: Path) -> str:
        # the units of this machine are not ours to judge
        ended = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *map(str, units)],
            capture_output=True,
            text=True,
            check=False,
            env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        )
        return "\n".join(line for line in ended.stderr.splitlines() if "outturn" in line or "wrong" in line)

    assert verify(*(tmp_path / unit.name for unit in UNITS)) == ""
    assert "ExecStrat" in verify(wrong)


def test_the_compose_file_starts_commands_that_exist_and_opens_loopback_alone() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    compose = yaml.safe_load(text)
    services = compose["services"]
    assert set(services) == {"postgres", *NAMES}
    for name in NAMES:
        service = services[name]
        assert accepted(service["command"]).params["name"] == name
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), port
        (volume,) = service["volumes"]
        source, _, folder = volume.partition(":")
        assert source in compose["volumes"]
        assert service["environment"]["OUTTURN_HOME"] == folder
        assert service["build"] == {"context": "../..", "dockerfile": "docs/deploy/Dockerfile"}
        assert service["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert "ports" not in services["postgres"]
    assert services["postgres"]["volumes"][0].split(":")[0] in compose["volumes"]
    # every secret comes from outside
    assert re.findall(r"PASSWORD: (\S)", text) == ["$"]
    assert set(re.findall(r"\$\{(\w+)", text)) == {"OUTTURN_POSTGRES_PASSWORD", "OUTTURN_ALERT_URLS"}
    assert (DEPLOY / ".." / "..").resolve() == ROOT


def test_the_image_is_built_of_what_is_here_and_leaves_out_what_is_local() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "RUN make setup" in lines
    assert lines.index("USER outturn") < lines.index("RUN make setup")
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^setup:", targets, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "var", "reports/node_modules", "docs/deploy/.env"} <= set(ignored)
    assert "/docs/deploy/.env" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_the_variable_of_the_units_is_the_one_that_dagster_reads() -> None:
    storage = yaml.safe_load(STORAGE)["storage"]["postgres"]["postgres_url"]["env"]
    assert storage == "OUTTURN_DAGSTER_POSTGRES_URL"
    assert storage in (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    for url in ("postgresql://u:p@h/d", "postgres://u:p@h/d", "postgresql+psycopg2://u:p@h/d"):
        assert load_settings(environment={storage: url}).dagster_postgres_url == "postgresql+psycopg2://u:p@h/d"
    with pytest.raises(ConfigurationError, match="not the address of a PostgreSQL database") as error:
        load_settings(environment={storage: "mysql://u:s3cret@h/d"})
    assert "s3cret" not in str(error.value)
