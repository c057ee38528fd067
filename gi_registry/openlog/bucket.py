"""The published files in a bucket of an S3-compatible store. Imported where one is named only: boto3 is large.

Written once is what the store itself sees to (``If-None-Match: *``), and whether it does is tried before anything is written there.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from hashlib import md5
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from gi_registry.openlog.conf import BucketSettings
from gi_registry.openlog.store import Clash, of_checkpoint_only
from gi_registry.openlog.tiles import MOST_ENTRY, WIDTH

CONNECT_S, READ_S = 5, 15
PAGE = 1_000  # names told at once
MOST_BYTES = WIDTH * (2 + MOST_ENTRY)  # of a bundle of entries, the longest of our files
PROBE = "written-once"
_THERE = {"PreconditionFailed", "ConditionalRequestConflict"}  # the latter: another is writing it now


class Overwrites(Clash):
    """A store that would take the place of what must never change."""

    def __init__(self, bucket: str) -> None:
        Exception.__init__(
            self, f"the bucket {bucket} overwrites what is written once: its store does not know If-None-Match"
        )


class Bucket:
    """A ``Store`` under a prefix of a bucket. Whatever a store that is away leads to is an OSError; a file that is not there, but no
    bucket that is not there, is a FileNotFoundError. ``attempts``: how often a request is made at most."""

    def __init__(self, told: BucketSettings, attempts: int = 3) -> None:
        self._told, self._attempts, self._is_sure = told, attempts, False
        self._prefix = f"{told.prefix.strip('/')}/".lstrip("/")

    def read(self, path: str) -> bytes:
        with _asked(path):
            answer = self._client.get_object(Bucket=self._told.bucket, Key=self._prefix + path)
            with closing(answer["Body"]) as body:
                if answer.get("ContentLength", MOST_BYTES + 1) > MOST_BYTES:
                    raise OSError(f"{path} is longer than any file of a log")
                data: bytes = body.read()  # of all of it botocore sees to it that nothing is missing
        return data

    def write_once(self, path: str, data: bytes) -> None:
        if not self._is_sure:
            self._make_sure()
        # The same bytes may be there by ourselves: a request is repeated when its answer was lost.
        if not self._put_once(path, data) and self.read(path) != data:
            raise Clash(path)

    def replace(self, path: str, data: bytes) -> None:
        of_checkpoint_only(path)
        with _asked(path):
            self._put(path, data)

    def paths(self, folder: str) -> Iterator[str]:
        with _asked(folder):
            pages = self._client.get_paginator("list_objects_v2")
            asked = {"Bucket": self._told.bucket, "Prefix": f"{self._prefix}{folder}/"}
            for page in pages.paginate(**asked, PaginationConfig={"PageSize": PAGE}):
                yield from (found["Key"].removeprefix(self._prefix) for found in page.get("Contents", ()))

    def forget(self, paths: Sequence[str]) -> None:
        for start in range(0, len(paths), PAGE):
            keys = [{"Key": self._prefix + path} for path in paths[start : start + PAGE]]
            with _asked(paths[start]):
                self._client.delete_objects(Bucket=self._told.bucket, Delete={"Objects": keys, "Quiet": True})

    def _put_once(self, path: str, data: bytes) -> bool:
        """False where something is there."""
        with _asked(path):
            try:
                self._put(path, data, IfNoneMatch="*")
            except ClientError as fault:
                if fault.response["Error"]["Code"] in _THERE:
                    return False
                raise
        return True

    def _put(self, path: str, data: bytes, **more: str) -> None:
        digest = b64encode(md5(data, usedforsecurity=False).digest()).decode()  # that it came as it was sent
        self._client.put_object(Bucket=self._told.bucket, Key=self._prefix + path, Body=data, ContentMD5=digest, **more)

    def _make_sure(self) -> None:
        """That one file is not written twice: a store that does not know the condition ignores it. Raises Overwrites."""
        if self._put_once(PROBE, b"") and self._put_once(PROBE, b""):
            raise Overwrites(self._told.bucket)
        self._is_sure = True

    @property
    def _client(self) -> Any:
        return _client(self._told, self._attempts)


@cache
def _client(told: BucketSettings, attempts: int) -> Any:
    """Credentials are found as boto3 finds them, and are nowhere here. No proxy of the environment, and no checksums beyond
    Content-MD5: not every store that is compatible knows those."""
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": told.style},
        proxies={},
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        retries={"mode": "standard", "total_max_attempts": attempts},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return Session().client("s3", endpoint_url=told.endpoint or None, region_name=told.region or None, config=config)


@contextmanager
def _asked(path: str) -> Iterator[None]:
    try:
        yield
    except ClientError as fault:
        if fault.response["Error"]["Code"] == "NoSuchKey":
            raise FileNotFoundError(path) from None
        raise OSError(f"{path}: {fault}") from fault
    except (BotoCoreError, HTTPError, ValueError) as fault:  # ValueError: an endpoint that is no address
        raise OSError(f"{path}: {fault}") from fault
