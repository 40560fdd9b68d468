"""Publications made without a warehouse, and real servers to bring them to: an S3 store and an SSH daemon."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipelines.publishing import publications
from pipelines.publishing.snapshot import staged_path
from pipelines.publishing.targets.address import Address, parse
from pipelines.settings import Settings, load_settings

BUCKET = "reports"


def publish(settings: Settings, value: int, *, pages: int = 4) -> Path:
    """Publishes generation `value`: a snapshot, a site and a manifest that all name it."""
    staged = staged_path(settings)
    staged.parent.mkdir(parents=True, exist_ok=True)
    staged.write_bytes(f"generation {value}\n".encode() * 5000)
    site = publications.staged_site_path(settings)
    (site / "_app" / "immutable").mkdir(parents=True)
    for number in range(pages):
        (site / f"page {number}.html").write_text(f"generation {value}, page {number}", encoding="utf-8")
    (site / "index.html").write_text(f"generation {value}", encoding="utf-8")
    (site / "_app" / "immutable" / "a.js").write_text(str(value), encoding="utf-8")
    return publications.publish(settings, manifest={"generation": value, "as_of": "2026-11-03"}, site={"pages": pages})


@pytest.fixture
def settings(tmp_path) -> Settings:
    found = load_settings(tmp_path / "home", environment={})
    found.create_home()
    return found


@dataclass(frozen=True, kw_only=True)
class Place:
    """A target with what a reader of it gets: the bytes of every file of the version that it points to."""

    address: Address
    read: Callable[[], dict[str, bytes]]
    versions: Callable[[], set[str]]

    def of(self, settings: Settings) -> Settings:
        return replace(settings, targets=(self.address,))


def contents(folder: Path) -> dict[str, bytes]:
    root = folder.resolve()
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _folder_place(root: Path, text: str, *, home: Path) -> Place:
    def versions() -> set[str]:
        return {path.name for path in (root / "publications").iterdir() if not path.name.startswith(".")}

    address = parse(text, home=home, where="the test")
    return Place(address=address, read=lambda: contents(root / "current"), versions=versions)


@pytest.fixture
def folder(tmp_path) -> Place:
    (tmp_path / "www").mkdir()
    return _folder_place(tmp_path / "www", str(tmp_path / "www"), home=tmp_path / "home")


@pytest.fixture
def share(tmp_path, monkeypatch) -> Place:
    """A folder on a file system without links."""
    import json

    from pipelines.publishing.targets import folder as module

    monkeypatch.setattr(module, "_has_links", lambda _: False)
    (tmp_path / "share").mkdir()
    root = tmp_path / "share"
    place = _folder_place(root, f"file://{root}", home=tmp_path / "home")
    return replace(place, read=lambda: contents(root / json.loads((root / "current.json").read_text())["path"]))


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(tmp_path, monkeypatch, s3_server) -> Place:
    import json

    import boto3

    for name, value in (("ACCESS_KEY_ID", "tester"), ("SECRET_ACCESS_KEY", "secret"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    client = boto3.client("s3", endpoint_url=s3_server)
    client.create_bucket(Bucket=BUCKET)
    prefix = f"of/{tmp_path.name}"

    def objects(under: str) -> list[str]:
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=under)
        return [item["Key"] for page in pages for item in page.get("Contents", ())]

    def get(key: str) -> bytes:
        return client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def read() -> dict[str, bytes]:
        root = f"{prefix}/{json.loads(get(f'{prefix}/current.json'))['path']}/"
        return {key.removeprefix(root): get(key) for key in objects(root)}

    def versions() -> set[str]:
        return {key.split("/")[3] for key in objects(f"{prefix}/publications/")}

    address = parse(f"s3://{BUCKET}/{prefix}?endpoint={s3_server}", home=tmp_path, where="the test")
    return Place(address=address, read=read, versions=versions)


def _sshd() -> str:
    found = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip("no sshd here: apt-get install openssh-server")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it parts with its privileges
    return found


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory) -> Iterator[dict[str, str]]:
    """An sshd on a free port of the loopback that lets this user in with one key and offers SFTP alone."""
    daemon, root = _sshd(), tmp_path_factory.mktemp("sshd")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(root / name)], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    configuration = {
        "ListenAddress": f"127.0.0.1:{port}",
        "HostKey": root / "host",
        "AuthorizedKeysFile": root / "user.pub",
        "PidFile": "none",
        "PasswordAuthentication": "no",
        "UsePAM": "no",
        "StrictModes": "no",
        "PermitRootLogin": "prohibit-password",
        "Subsystem": "sftp internal-sftp",
        "ForceCommand": "internal-sftp",
    }
    (root / "config").write_text("".join(f"{name} {value}\n" for name, value in configuration.items()))
    kind, key, *_ = (root / "host.pub").read_text().split()
    (root / "known_hosts").write_text(f"[127.0.0.1]:{port} {kind} {key}\n")
    with (root / "log").open("wb") as log:
        process = subprocess.Popen([daemon, "-D", "-e", "-f", str(root / "config")], stderr=log)
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, (root / "log").read_text()
                time.sleep(0.05)
            yield {
                "login": f"{getpass.getuser()}@127.0.0.1:{port}",
                "key": str(root / "user"),
                "known_hosts": str(root / "known_hosts"),
            }
        finally:
            process.terminate()
            process.wait()


@pytest.fixture
def ssh(tmp_path, ssh_server) -> Place:
    root = tmp_path / "remote"
    root.mkdir()
    options = f"key={ssh_server['key']}&known_hosts={ssh_server['known_hosts']}"
    return _folder_place(root, f"ssh://{ssh_server['login']}{root}?{options}", home=tmp_path / "home")


@pytest.fixture(params=["folder", "share", "s3", "ssh"])
def place(request) -> Place:
    return request.getfixturevalue(request.param)
