"""Bytes of a file that may be compressed, within limits. What the bytes mean belongs to the other modules."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from pipelines.errors import RefusedFile
from pipelines.formats.base import Source

GZIP_MAGIC = b"\x1f\x8b"

# 100 million time entries are about 9 GB of CSV; nothing honest is larger than twice that, and a disk holds it.
MAX_EXPANDED = 20 * 1024**3
# Deflate reaches 1032:1 on zeros; timesheets come out at 5:1 to 30:1. A small file may have any ratio.
MAX_RATIO = 200
RATIO_FROM = 64 * 1024**2


def is_gzip(source: Source) -> bool:
    """Whether the bytes are gzip, whatever the name says."""
    with source.path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


class _Limited:
    """Counts what comes out of a decompressor and stops before it fills the disk or the memory."""

    def __init__(self, stream: BinaryIO, source: Source) -> None:
        self._stream, self._source, self._total = stream, source, 0

    def read(self, size: int) -> bytes:
        try:
            block = self._stream.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise RefusedFile(
                f"the compressed file is damaged: {error}",
                where=self._source.name,
                remedy="deliver it again; it may have been cut off on the way",
            ) from error
        self._total += len(block)
        check_expansion(self._source, self._total)
        return block


def check_expansion(source: Source, expanded: int) -> None:
    """Raises RefusedFile where `expanded` bytes are more than an honest file of this size holds."""
    if expanded > MAX_EXPANDED or (expanded > RATIO_FROM and expanded > MAX_RATIO * source.size):
        raise RefusedFile(
            "the compressed file expands beyond all measure",
            where=source.name,
            value=f"{source.size} bytes become more than {expanded}",
            valid=f"at most {MAX_EXPANDED >> 30} GiB and {MAX_RATIO} times its size",
            remedy="deliver it unpacked or in parts",
        )


@contextmanager
def expanded(source: Source) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked where they are gzip. Raises RefusedFile on damage and on bombs."""
    with source.path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.GzipFile(fileobj=file, mode="rb") as stream:
            yield cast("BinaryIO", _Limited(cast("BinaryIO", stream), source))
