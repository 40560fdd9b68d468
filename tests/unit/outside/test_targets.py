"""Targets: each kind against the real thing. Whole or not at all, older ones kept, back and forth, errors said."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace

import pytest

from pipelines.commands.rollback import publish_again, rollback
from pipelines.errors import ConfigurationError, PublicationFailed, TargetFailed
from pipelines.publishing import publications
from pipelines.publishing.outside import require
from pipelines.publishing.targets import deliver as delivering
from pipelines.publishing.targets.address import parse
from pipelines.publishing.targets.deliver import behind, deliver_all, deliveries, is_transient
from pipelines.publishing.targets.layout import publication_of
from tests.unit.outside.conftest import contents, publish


def never(seconds: float) -> None:
    raise AssertionError("nothing was to be tried again")


def here(settings) -> dict[str, bytes]:
    return contents(settings.published / "current")


def test_the_target_holds_what_is_published_here_and_as_many_older_ones(settings, place):
    settings = place.of(settings)
    for value in range(1, 6):
        publish(settings, value)
        (done,) = deliver_all(settings, sleep=never)
        assert (done.status, done.publication, done.attempts) == ("delivered", value, 1)
        assert done.bytes == sum(len(content) for content in here(settings).values())
        assert place.read() == here(settings)
        assert place.read()["site/index.html"] == f"generation {value}".encode()
    expected = {publication_of(path).name for path in (settings.published / "publications").iterdir()}
    assert place.versions() == expected
    assert len(expected) == 3
    (again,) = deliver_all(settings, sleep=never)
    assert (again.status, again.bytes) == ("unchanged", 0)


def test_back_and_forth(settings, place):
    settings = place.of(settings)
    for value in (1, 2, 3):
        publish(settings, value)
        deliver_all(settings, sleep=never)
    manifest, (done,) = rollback(settings, steps=2)
    assert (manifest["generation"], done.publication) == (1, 1)
    assert place.read() == here(settings)
    assert place.read()["site/index.html"] == b"generation 1"
    manifest, _ = rollback(settings, to=2)
    assert place.read()["site/index.html"] == b"generation 2"
    publish(settings, 4)
    deliver_all(settings, sleep=never)
    assert place.read()["site/index.html"] == b"generation 4"
    with pytest.raises(ConfigurationError, match="no such publication"):
        rollback(settings, to=77)
    with pytest.raises(ConfigurationError, match="not 3 publications before 4"):
        rollback(settings, steps=3)


def test_a_version_that_is_missing_there_is_put_again_when_one_goes_back(settings, folder):
    publish(settings, 1)
    publish(settings, 2)
    settings = folder.of(settings)
    deliver_all(settings, sleep=never)
    assert len(folder.versions()) == 1
    _, (done,) = rollback(settings)
    assert done.status == "delivered"
    assert folder.read()["site/index.html"] == b"generation 1"


def test_the_same_number_of_another_home_is_another_version(settings, folder, tmp_path):
    settings = folder.of(settings)
    publish(settings, 1)
    deliver_all(settings, sleep=never)
    other = replace(settings, home=tmp_path / "restored")
    other.create_home()
    publish(other, 9)
    (done,) = deliver_all(other, sleep=never)
    assert done.publication == 1
    assert folder.read()["site/index.html"] == b"generation 9"
    assert len(folder.versions()) == 2


KILLED = textwrap.dedent(
    """
    import os, pathlib, shutil, signal, sys
    from dataclasses import replace
    from pipelines.publishing.targets import folder, s3, ssh
    from pipelines.publishing.targets.address import parse
    from pipelines.publishing.targets.deliver import deliver_all
    from pipelines.settings import load_settings
    home, address, step, has_links = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "links"
    settings = load_settings(home, environment={})
    settings = replace(settings, targets=(parse(address, home=settings.home, where="the test"),))
    count = 0
    def dies():
        global count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
    def deadly(function):
        def call(*arguments, **named):
            dies()
            return function(*arguments, **named)
        return call
    if address.startswith("s3"):
        for name in ("_upload", "_delete"):
            setattr(s3.S3Target, name, deadly(getattr(s3.S3Target, name)))
        make = s3.S3Target.__init__
        def init(self, address):
            make(self, address)
            self._client.put_object = deadly(self._client.put_object)
        s3.S3Target.__init__ = init
    elif address.startswith("ssh"):
        import asyncssh
        for name in ("put", "rename", "posix_rename", "symlink", "remove", "rmdir"):
            setattr(asyncssh.SFTPClient, name, deadly(getattr(asyncssh.SFTPClient, name)))
    else:
        folder._has_links = lambda _: has_links
        for name in ("rename", "replace", "symlink_to"):
            setattr(pathlib.Path, name, deadly(getattr(pathlib.Path, name)))
        shutil.copyfile, shutil.rmtree = deadly(shutil.copyfile), deadly(shutil.rmtree)
    deliver_all(settings)
    print(count)
    """
)


def killed_at(settings, place, step: int, *, links: bool) -> subprocess.CompletedProcess[str]:
    how = "links" if links else "none"
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(settings.home), place.address.text, str(step), how],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )


def test_killed_in_the_middle_readers_see_the_old_one_whole_and_the_next_run_completes(settings, place, request):
    """Every file that is put, every rename and every removal is a place to die at; of the slower kinds a few."""
    kind = request.node.callspec.params["place"]
    settings = place.of(settings)
    for value in (1, 2, 3):
        publish(settings, value)
        deliver_all(settings, sleep=never)
    before = here(settings)
    publish(settings, 4)
    after = here(settings)
    steps = {"s3": (5, 10, 12, 90), "ssh": (5, 9, 12, 90)}.get(kind, (1, 5, 9, 10, 11, 12, 90))
    outcomes = []
    for step in steps:
        run = killed_at(settings, place, step, links=kind != "share")
        assert run.returncode in {0, -signal.SIGKILL}, run.stderr
        seen = place.read()
        assert seen in (before, after), f"half a publication after step {step}"
        outcomes.append(seen == after)
        (done,) = deliver_all(settings, sleep=never)
        assert done.status in {"delivered", "unchanged"}
        assert place.read() == after
        assert len(place.versions()) == 3
        if run.returncode == 0:
            break
        rollback(settings, to=3)
        for name in place.versions():  # as it was before, so that each step has all to do
            if name.startswith("000004"):
                with delivering.contextlib.closing(delivering.open_target(place.address)) as target:
                    target.remove({name})
        publications.show(settings, 4)
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert run.returncode == 0, "the last step must lie behind the end"
    assert outcomes == sorted(outcomes), "the swap is one operation"


def test_a_target_that_fails_harms_neither_this_home_nor_the_others(settings, folder, tmp_path):
    gone = parse(str(tmp_path / "not-mounted"), home=settings.home, where="the test")
    settings = replace(settings, targets=(gone, folder.address))
    publish(settings, 1)
    done = deliver_all(settings, sleep=never)
    assert [one.status for one in done] == ["failed", "delivered"]
    assert "mount the share" in done[0].message
    assert behind(settings) == [gone.text]
    assert not (tmp_path / "not-mounted").exists()
    assert publications.current_manifest(settings)["generation"] == 1
    with pytest.raises(TargetFailed, match=r"published here, but not on .*not-mounted"):
        require(settings)
    (tmp_path / "not-mounted").mkdir()
    publish_again(settings)
    assert behind(settings) == []
    assert [row["status"] for row in deliveries(settings)] == ["delivered", "unchanged"]


def test_what_may_pass_is_tried_again_with_growing_pauses(settings, folder, monkeypatch):
    settings = folder.of(settings)
    publish(settings, 1)
    paused, copy = [], shutil.copyfile

    def flaky(*arguments):
        if len(paused) < 2:
            raise OSError(errno.ESTALE, "stale file handle")
        return copy(*arguments)

    monkeypatch.setattr(shutil, "copyfile", flaky)
    (done,) = deliver_all(settings, sleep=paused.append)
    assert (done.status, done.attempts) == ("delivered", 3)
    assert paused == list(delivering.PAUSES[:2])
    assert folder.read() == here(settings)


def test_what_will_not_pass_is_said_at_once(settings, folder, monkeypatch):
    settings = folder.of(settings)
    publish(settings, 1)

    def full(*_):
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    (done,) = deliver_all(settings, sleep=never)
    assert (done.status, done.attempts) == ("failed", 1)
    assert "no space left" in done.message


def test_a_damaged_snapshot_goes_nowhere(settings, folder):
    settings = folder.of(settings)
    publish(settings, 1)
    deliver_all(settings, sleep=never)
    before = folder.read()
    damaged = publish(settings, 2) / "warehouse.duckdb"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    (done,) = deliver_all(settings, sleep=never)
    assert done.status == "failed"
    assert folder.read() == before


def test_s3_tells_a_store_that_is_away_from_a_bucket_that_is_not_there(settings, s3):
    publish(settings, 1)
    away = parse("s3://reports/x?endpoint=http://127.0.0.1:9", home=settings.home, where="the test")
    wrong = replace(s3.address, host="no-such-bucket")
    paused: list[float] = []
    done = deliver_all(replace(settings, targets=(away, wrong)), sleep=paused.append)
    assert [(one.status, one.attempts) for one in done] == [("failed", 4), ("failed", 1)]
    assert paused == list(delivering.PAUSES)
    assert "NoSuchBucket" in done[1].message


def test_s3_objects_say_their_kind_and_how_long_they_hold(settings, s3, s3_server):
    import boto3

    settings = s3.of(settings)
    publish(settings, 1)
    deliver_all(settings, sleep=never)
    client, name = boto3.client("s3", endpoint_url=s3_server), publication_of(publications.current(settings)).name

    def head(key: str):
        return client.head_object(Bucket=s3.address.host, Key=f"{s3.address.path}/{key}", ChecksumMode="ENABLED")

    page, asset = (head(f"publications/{name}/site/{file}") for file in ("index.html", "_app/immutable/a.js"))
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")
    assert page["ChecksumSHA256"]
    assert "immutable" in asset["CacheControl"]
    assert head("current.json")["Metadata"] == {"site": f"publications/{name}/site"}
    assert head("index.html")["CacheControl"] == "no-cache"


def test_ssh_to_a_host_whose_key_is_another_is_refused_and_not_tried_again(settings, ssh, tmp_path):
    publish(settings, 1)
    other = tmp_path / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(other)], check=True)
    kind, key, *_ = (tmp_path / "other.pub").read_text().split()
    (tmp_path / "known").write_text(f"[{ssh.address.host}]:{ssh.address.port} {kind} {key}\n")
    address = replace(ssh.address, options={**ssh.address.options, "known_hosts": str(tmp_path / "known")})
    (done,) = deliver_all(replace(settings, targets=(address,)), sleep=never)
    assert (done.status, done.attempts) == ("failed", 1)
    assert "HostKeyNotVerifiable" in done.message
    stranger = replace(ssh.address, options={**ssh.address.options, "key": str(other)})
    (done,) = deliver_all(replace(settings, targets=(stranger,)), sleep=never)
    assert "PermissionDenied" in done.message


def test_what_is_transient():
    assert is_transient(ConnectionResetError(), "s3")
    assert is_transient(OSError(errno.EIO, "share"), "folder")
    assert not is_transient(OSError(errno.EACCES, "share"), "folder")
    assert not is_transient(PublicationFailed("half"), "ssh")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("relative/path", "absolute path"),
        ("ftp://host/x", "not a target"),
        ("s3://", "not a target"),
        ("ssh://host/", "without a folder"),
        ("ssh://u:hunter2@host/srv", "secret in it"),
        ("s3://KEY:hunter2@bucket/x", "secret in it"),
        ("s3://bucket/x?endpoint=https://u:hunter2@minio", "secret in its endpoint"),
        ("s3://bucket/x?acl=public", "unknown option"),
        ("ssh://host:port/x", "not a target"),
    ],
)
def test_addresses_that_cannot_be_used_are_named_without_their_secret(tmp_path, text, says):
    with pytest.raises(ConfigurationError, match=says) as error:
        parse(text, home=tmp_path, where="outturn.toml, publish.targets")
    assert "hunter2" not in str(error.value)


def test_a_target_inside_the_home_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="inside the data home"):
        parse(str(tmp_path / "published"), home=tmp_path, where="the test")
