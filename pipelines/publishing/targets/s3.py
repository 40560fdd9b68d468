"""A target in an S3-compatible store. There is no rename there: a version goes under a prefix of its own, its manifest
last, and one small object, `current.json`, says which version holds.

Keys and the address of the store come from where boto3 looks (environment, `~/.aws`, the machine's role); the store
checks the SHA-256 of every object as it arrives.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import Any

from pipelines.errors import PublicationFailed
from pipelines.publishing.serve import CONTENT_TYPES
from pipelines.publishing.targets.address import Address
from pipelines.publishing.targets.layout import (
    FOLDER,
    MANIFEST,
    VERSION,
    Publication,
    landing_page,
    pointer,
)

_THREADS = 8
# an object above this goes in parts, as a store asks for above 5 GB
_PART = 64 * 1024**2


def _headers(path: str) -> dict[str, str]:
    # names under immutable/ hold a hash of the content; a proxy may show everything else under one address for ever
    cache = "public, max-age=31536000, immutable" if "/immutable/" in path else "no-cache"
    kind = CONTENT_TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")
    return {"ContentType": kind, "CacheControl": cache}


class S3Target:
    def __init__(self, address: Address) -> None:
        import boto3
        from boto3.s3.transfer import TransferConfig
        from botocore.config import Config

        endpoint = address.options.get("endpoint")
        self._bucket, self._root = address.host, f"{address.path}/" if address.path else ""
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=address.options.get("region"),
            config=Config(
                connect_timeout=10,
                read_timeout=60,
                retries={"mode": "standard", "max_attempts": 3},
                max_pool_connections=2 * _THREADS,
                s3={"addressing_style": "path" if endpoint else "auto"},
            ),
        )
        self._transfer = TransferConfig(multipart_threshold=_PART, multipart_chunksize=_PART, max_concurrency=2)

    def _names(self) -> set[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self._root}{FOLDER}/", Delimiter="/"
        )
        found = {p["Prefix"].rstrip("/").rpartition("/")[2] for page in pages for p in page.get("CommonPrefixes", ())}
        return {name for name in found if VERSION.fullmatch(name)}

    def _sizes(self, name: str) -> dict[str, int]:
        prefix = f"{self._root}{FOLDER}/{name}/"
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return {item["Key"][len(prefix) :]: item["Size"] for page in pages for item in page.get("Contents", ())}

    def _is_there(self, key: str) -> bool:
        from botocore.exceptions import ClientError

        try:
            self._client.head_object(Bucket=self._bucket, Key=self._root + key)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound"}:
                return False
            raise
        return True

    def complete(self) -> set[str]:
        return {name for name in self._names() if self._is_there(f"{FOLDER}/{name}/{MANIFEST}")}

    def unfinished(self) -> set[str]:
        names = self._names()
        return {name for name in names if not self._is_there(f"{FOLDER}/{name}/{MANIFEST}")}

    def current(self) -> str | None:
        from botocore.exceptions import ClientError

        try:
            found = self._client.get_object(Bucket=self._bucket, Key=f"{self._root}current.json")
        except ClientError as error:
            if error.response["Error"]["Code"] in {"404", "NoSuchKey"}:
                return None
            raise
        return json.loads(found["Body"].read())["path"].rpartition("/")[2]

    def _upload(self, publication: Publication, file: str) -> None:
        self._client.upload_file(
            str(publication.folder / file),
            self._bucket,
            f"{self._root}{FOLDER}/{publication.name}/{file}",
            ExtraArgs={"ChecksumAlgorithm": "SHA256", **_headers(file)},
            Config=self._transfer,
        )

    def put(self, publication: Publication) -> None:
        prefix = f"{self._root}{FOLDER}/{publication.name}/"
        *content, last = [file.as_posix() for file in publication.files]
        left = self._sizes(publication.name)
        self._delete([prefix + name for name in set(left) - set(content)])
        with ThreadPoolExecutor(max_workers=_THREADS) as pool:
            for done in [pool.submit(self._upload, publication, file) for file in content]:
                done.result()
        arrived = self._sizes(publication.name)
        expected = {file: (publication.folder / file).stat().st_size for file in content}
        if arrived != expected:
            wrong = sorted(name for name in {*arrived, *expected} if arrived.get(name) != expected.get(name))
            raise PublicationFailed(
                "objects did not arrive whole", where=f"s3://{self._bucket}/{prefix}", value=wrong[:5]
            )
        self._upload(publication, last)

    def show(self, publication: Publication) -> None:
        if not self._is_there(f"{FOLDER}/{publication.name}/{MANIFEST}"):
            raise PublicationFailed("the version is not whole", where=publication.name)
        site = f"{FOLDER}/{publication.name}/site"
        for name, content, kind in (
            ("index.html", landing_page(publication), "text/html; charset=utf-8"),
            ("current.json", pointer(publication), "application/json"),
        ):
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._root + name,
                Body=content,
                ContentType=kind,
                CacheControl="no-cache",
                # a proxy reads it from the header of the answer (docs/operations.md)
                Metadata={"site": site},
                ChecksumAlgorithm="SHA256",
            )

    def _delete(self, keys: list[str]) -> None:
        for start in range(0, len(keys), 1000):
            answer = self._client.delete_objects(
                Bucket=self._bucket,
                Delete={"Objects": [{"Key": key} for key in keys[start : start + 1000]], "Quiet": True},
            )
            if errors := answer.get("Errors"):
                raise PublicationFailed(
                    f"objects could not be deleted: {errors[0].get('Code')}", where=errors[0].get("Key")
                )

    def remove(self, names: set[str]) -> None:
        for name in names:
            prefix = f"{self._root}{FOLDER}/{name}/"
            files = self._sizes(name)
            # the manifest first: without it the version is unfinished, and nobody takes it for a whole one
            self._delete([prefix + file for file in files if file == MANIFEST])
            self._delete([prefix + file for file in files if file != MANIFEST])

    def close(self) -> None:
        self._client.close()
