"""Where the published files are kept: outside the database, so that neither can be changed behind the other's back."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from gi_registry.openlog.conf import OpenLogSettings
from gi_registry.openlog.tiles import WIDTH, Tile, cut

CHECKPOINT, HISTORY, STAMPS = "checkpoint", "checkpoints", "timestamps"


def history_path(size: int) -> str:
    """Where the checkpoint of a size stays, after others took its place."""
    return f"{HISTORY}/{size // 1_000_000:06}/{size}"


def stamp_path(size: int) -> str:
    """Where the time stamp of that checkpoint is published."""
    return f"{STAMPS}/{size // 1_000_000:06}/{size}.tsr"


class Clash(Exception):
    """A file that must never change would be written with other bytes: the log or its files were tampered with."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} stands there with other bytes")


def of_checkpoint_only(path: str) -> None:
    if path != CHECKPOINT:
        raise ValueError(f"{path} is written once")


class Store(Protocol):
    """Files by path. What ``read`` gives is whole, or FileNotFoundError; what was written survives a loss of power."""

    def read(self, path: str) -> bytes: ...

    def write_once(self, path: str, data: bytes) -> None:
        """Raises Clash for other bytes under a name; the same ones again are fine."""

    def replace(self, path: str, data: bytes) -> None:
        """For the one file that changes."""

    def paths(self, folder: str) -> Iterator[str]:
        """Of all files in a folder and those below it."""

    def forget(self, paths: Sequence[str]) -> None:
        """Take files away; those that are gone already are fine."""


def fetch(store: Store, tile: Tile) -> bytes:
    """A published tile; a partial one that is gone, out of the whole one that took its place. Raises FileNotFoundError, OSError."""
    try:
        return store.read(tile.path)
    except FileNotFoundError:
        if tile.width == WIDTH:
            raise
        return cut(tile, store.read(replace(tile, width=WIDTH).path))


def store_of(told: OpenLogSettings, *, attempts: int = 3) -> Store:
    """Where the files of a log are kept. ``attempts``: how often a store over the network is asked the same."""
    if told.bucket is None:
        return Folder(told.folder)
    from gi_registry.openlog.bucket import Bucket  # noqa: PLC0415 - boto3 is large, and most have a folder

    return Bucket(told.bucket, attempts)


class Folder:
    """A folder of this machine, or one that it mounts."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def write_once(self, path: str, data: bytes) -> None:
        place, fresh = self.root / path, self._written(path, data)
        try:
            os.link(fresh, place)  # unlike a rename it never takes the place of what is there
        except FileExistsError:
            if place.read_bytes() != data:
                raise Clash(path) from None
        finally:
            fresh.unlink()
        _settle(place.parent)

    def replace(self, path: str, data: bytes) -> None:
        of_checkpoint_only(path)
        place, fresh = self.root / path, self._written(path, data)
        os.replace(fresh, place)
        _settle(place.parent)

    def paths(self, folder: str) -> Iterator[str]:
        found = (self.root / folder).rglob("*")
        # What a process that died was writing bears a name that begins with a dot.
        return (str(path.relative_to(self.root)) for path in found if path.is_file() and path.name[0] != ".")

    def forget(self, paths: Sequence[str]) -> None:
        for path in paths:
            (self.root / path).unlink(missing_ok=True)
        for folder in {(self.root / path).parent for path in paths}:
            with suppress(OSError):  # another file lies there
                folder.rmdir()

    def _written(self, path: str, data: bytes) -> Path:
        """The bytes under another name beside the place, on the disk."""
        folder = (self.root / path).parent
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{token_hex(8)}"
        try:
            with open(fresh, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                fresh.unlink()
            raise
        return fresh


def _settle(folder: Path) -> None:
    """A name is on the disk once its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
