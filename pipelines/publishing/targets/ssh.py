"""A target on a host reached over SSH, by SFTP alone: nothing runs there. Swapped by one rename of one link.

The host's key must be known (`known_hosts`), our own comes from `~/.ssh`, an agent, or the address (`?key=…`).
"""

from __future__ import annotations

import asyncio
import contextlib
import stat
from collections.abc import Coroutine
from pathlib import Path, PurePosixPath
from typing import Any

import asyncssh

from pipelines.errors import PublicationFailed
from pipelines.publishing.targets.address import Address
from pipelines.publishing.targets.layout import FOLDER, MANIFEST, MEMBERS, VERSION, Publication

_TOGETHER = 8
_CONNECT_SECONDS = 20
# a step that says nothing for so long hangs
_KEEPALIVE_SECONDS = 15


class SshTarget:
    """`address.path` must be there on the host."""

    def __init__(self, address: Address) -> None:
        self._root = PurePosixPath(address.path)
        self._versions = self._root / FOLDER
        self._loop = asyncio.new_event_loop()
        self._connection: asyncssh.SSHClientConnection | None = None
        try:
            self._do(self._connect(address))
        except BaseException:
            self.close()
            raise

    def _do(self, step: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(step)

    async def _connect(self, address: Address) -> None:
        options: dict[str, Any] = {}
        if address.user:
            options["username"] = address.user
        if key := address.options.get("key"):
            options["client_keys"] = [str(Path(key).expanduser())]
        if known := address.options.get("known_hosts"):
            options["known_hosts"] = str(Path(known).expanduser())
        self._connection = await asyncssh.connect(
            address.host,
            *([address.port] if address.port else []),
            connect_timeout=_CONNECT_SECONDS,
            keepalive_interval=_KEEPALIVE_SECONDS,
            **options,
        )
        self._sftp = await self._connection.start_sftp_client()
        if not await self._sftp.isdir(str(self._root)):
            raise PublicationFailed("the target's folder is not there", where=address.text, remedy="make it there")
        await self._sftp.makedirs(str(self._versions), exist_ok=True)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            with contextlib.suppress(Exception):
                self._do(asyncio.wait_for(self._connection.wait_closed(), 10))
        self._loop.close()

    async def _listed(self) -> set[str]:
        return {str(name) for name in await self._sftp.listdir(str(self._versions))}

    def complete(self) -> set[str]:
        return {name for name in self._do(self._listed()) if VERSION.fullmatch(name)}

    def unfinished(self) -> set[str]:
        hidden = {name[1:] for name in self._do(self._listed()) if name.startswith(".")}
        return {name for name in hidden if VERSION.fullmatch(name)}

    def current(self) -> str | None:
        async def read() -> str | None:
            try:
                return PurePosixPath(str(await self._sftp.readlink(str(self._root / "current")))).name
            except asyncssh.SFTPNoSuchFile:
                return None

        return self._do(read())

    async def _put_file(self, source: Path, target: PurePosixPath) -> None:
        await self._sftp.put(str(source), str(target))
        arrived = (await self._sftp.stat(str(target))).size
        if arrived != source.stat().st_size:
            raise PublicationFailed("a file did not arrive whole", where=str(target), value=f"{arrived} bytes")
        await self._sftp.chmod(str(target), 0o444 if target.suffix == ".duckdb" else 0o644)

    async def _put(self, publication: Publication) -> None:
        fresh, final = self._versions / f".{publication.name}", self._versions / publication.name
        for leftover in (fresh, final):
            await self._remove_tree(leftover)
        folders = {parent for file in publication.files for parent in file.parents}
        for folder in sorted(folders):
            path = str(fresh / folder.as_posix())
            await self._sftp.makedirs(path, exist_ok=True)
            await self._sftp.chmod(path, 0o755)
        limit = asyncio.Semaphore(_TOGETHER)

        async def one(file: Path) -> None:
            async with limit:
                await self._put_file(publication.folder / file, fresh / file.as_posix())

        async with asyncio.TaskGroup() as group:
            for file in publication.files:
                group.create_task(one(file))
        await self._sftp.rename(str(fresh), str(final))

    def put(self, publication: Publication) -> None:
        try:
            self._do(self._put(publication))
        except* Exception as errors:
            # the others of the group were ended because of the first
            raise errors.exceptions[0] from None

    async def _link(self, path: PurePosixPath, target: str) -> None:
        fresh = path.with_name(f".{path.name}.new")
        with contextlib.suppress(asyncssh.SFTPNoSuchFile):
            await self._sftp.remove(str(fresh))
        await self._sftp.symlink(target, str(fresh))
        # rename of SFTP refuses to replace; the extension of OpenSSH does what rename(2) does
        await self._sftp.posix_rename(str(fresh), str(path))

    async def _show(self, publication: Publication) -> None:
        if not await self._sftp.isfile(str(self._versions / publication.name / MANIFEST)):
            raise PublicationFailed("the version is not whole", where=str(self._versions / publication.name))
        for member in MEMBERS:
            if not await self._sftp.islink(str(self._root / member)):
                await self._link(self._root / member, f"current/{member}")
        await self._link(self._root / "current", f"{FOLDER}/{publication.name}")

    def show(self, publication: Publication) -> None:
        self._do(self._show(publication))

    async def _remove_tree(self, path: PurePosixPath) -> None:
        try:
            entries = await self._sftp.readdir(str(path))
        except asyncssh.SFTPNoSuchFile:
            return
        for entry in entries:
            name = str(entry.filename)
            if name in {".", ".."}:
                continue
            if stat.S_ISDIR(entry.attrs.permissions or 0):
                await self._remove_tree(path / name)
            else:
                await self._sftp.remove(str(path / name))
        await self._sftp.rmdir(str(path))

    async def _remove(self, names: set[str]) -> None:
        for name in names:
            hidden, whole = self._versions / f".{name}", self._versions / name
            await self._remove_tree(hidden)
            if await self._sftp.isdir(str(whole)):
                # out of sight first, so that a kill leaves nothing that looks whole
                await self._sftp.rename(str(whole), str(hidden))
                await self._remove_tree(hidden)

    def remove(self, names: set[str]) -> None:
        self._do(self._remove(names))
