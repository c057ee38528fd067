"""Verify an evidence bundle without the registry: python verify.py bundle.zip [--key KEY] [--log FOLDER] [--tsa-roots PEM]

Needs Python 3.11 and the package cryptography. KEY is the verifier key of the log, from a source of your own; without it the
bundle's own key is taken, which shows that the bundle is whole, not who made it. FOLDER is a later copy of the published log
(checkpoint and tile/): whether it still holds what the bundle says is checked too. PEM: the certificates under which the
authority of the time stamp is believed, from that authority itself; it is verified by openssl.

校验证据包，不经登记机构：python verify.py 证据包.zip [--key 公钥] [--log 日志文件夹]

Its twin for browsers, static/openlog/verify.js, checks the same in the same order and in the same words.
"""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from gi_registry.openlog.notes import Checkpoint, Note, NoteFault, VerifierKey
from gi_registry.openlog.proofs import EntryProof
from gi_registry.openlog.succession import FOLDER, MOST, Succession, Trusted, signed_by, succession_path, trusted
from gi_registry.openlog.tiles import Tiled
from gi_registry.openlog.tree import root_of

MOST_FILES = 2_000
MOST_FILE_BYTES = 1_000_000
MOST_IN_ALL = 64_000_000
MOST_DEPTH = 64
PASSED = "通过：记录未被改动。它不证明货物本身。 Verified: the record is unchanged. It proves nothing of the goods themselves."
CONTENTS, KEYS, TOKEN = "bundle.json", "keys.txt", "timestamp.tsr"
_OTHERS = (CONTENTS, KEYS, TOKEN, "checkpoint", "VERIFY.md", "verify.py")
_SUCCESSION = re.compile(rf"{FOLDER}/[1-9][0-9]{{0,2}}", re.ASCII)
_SALT = re.compile(r"([0-9a-f]{2})+")


_UNREADABLE = (
    OSError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    EOFError,
    zlib.error,
    struct.error,
)


class Wrong(Exception):
    """What does not hold, and in which file."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        super().__init__(f"{where}: {zh} {en}")


def verify(path: str, key: str = "", log: str = "", tsa_roots: str = "") -> Iterator[str]:
    """What was verified, line by line. Raises Wrong for the first thing that does not hold."""
    files = _files(path)
    told = _contents(files)
    keys = [_key(one) for one in (key or _text(files, KEYS)).split()]
    yield f"密钥 key {'(来自您 yours)' if key else '(来自本包 of this bundle)'}: {', '.join(map(str, keys))}"
    trust = _trusted(_successions(files, log), keys, told["origin"])
    yield from (f"密钥更替 succession {one.key} ✓" for one in trust[len(keys) :])
    heads, last = [], dict.fromkeys(told["objects"], (0, ""))
    for said in told["entries"]:
        index = said["index"]
        entry, proof = _need(files, f"entries/{index}.json"), _proof(_text(files, f"proofs/{index}.tlog-proof"), index)
        try:
            heads.append(proof.proven(entry, trust, told["origin"]))
        except NoteFault as fault:
            raise Wrong(f"proofs/{index}.tlog-proof", "证明不成立：", f"the proof does not hold: {fault}") from None
        fields = _json(entry, f"entries/{index}.json")
        if not isinstance(name := fields.get("object"), str) or name not in last:
            raise Wrong(f"entries/{index}.json", "不是所列对象的条目。", "is of another object.")
        sequence = fields.get("sequence")
        if type(sequence) is not int or (sequence, fields.get("before")) != last[name]:
            raise Wrong(
                f"entries/{index}.json", "与该对象的前一条不相接。", "does not follow the one of its object before it."
            )
        last[name] = (sequence + 1, sha256(entry).hexdigest())
        yield f"条目 entry {index} {name} {fields.get('type')} {fields.get('recorded_at')} ✓"
        yield from _disclosed(files, said, fields)
    if missing := [name for name, (count, _) in last.items() if not count]:
        raise Wrong(CONTENTS, "所列对象没有条目。", f"names an object without an entry: {missing[0]}")
    if not heads or any(head != heads[0] for head in heads):
        raise Wrong(CONTENTS, "各证明不在同一签名摘要之下。", "the proofs are not under one checkpoint.")
    yield f"签名摘要 checkpoint {heads[0].origin} {heads[0].size} {heads[0].root.hex()} ✓"
    yield from _stamped(files, told, tsa_roots)
    yield from _besides(files, told)
    if log:
        yield from _still_there(Path(log), heads[0], trust, told, files)


def _successions(files: dict[str, bytes], log: str) -> dict[str, bytes]:
    """The notes of the bundle, and those that a later copy of the log has besides."""
    found = {path: data for path, data in files.items() if _SUCCESSION.fullmatch(path)}
    try:
        later = [Path(log, FOLDER, str(number)) for number in range(1, MOST + 1)] if log else []
        found |= {f"{FOLDER}/{path.name}": path.read_bytes() for path in later if path.is_file()}
    except OSError as fault:
        raise Wrong(log, "无法读取：", f"cannot be read: {fault}") from None
    return dict(sorted(found.items(), key=lambda one: int(one[0].split("/")[1])))


def _trusted(notes: dict[str, bytes], keys: list[VerifierKey], origin: str) -> list[Trusted]:
    """The keys, and those that took their place or whose place they took: notes say so that both signed."""
    chain: list[Succession] = []
    path = ""
    try:
        for path in notes:
            chain.append(Succession.read(_text(notes, path)))
            if path != succession_path(chain[-1].number):
                raise NoteFault("it is another one than its name says")
        return trusted(keys, chain, origin)
    except NoteFault as fault:
        raise Wrong(path, "密钥更替不成立：", f"the succession does not hold: {fault}") from None


def _besides(files: dict[str, bytes], told: Any) -> Iterator[str]:
    """What lies in the bundle and is not proven. A file that nobody listed would pass for one that was checked."""
    listed = set(_OTHERS)
    for said in told["entries"]:
        index = said["index"]
        listed |= {f"entries/{index}.json", f"proofs/{index}.tlog-proof"}
        if "salt" in said:
            listed.add(f"disclosed/{index}.json")
    for name in sorted(files):
        if name.startswith("besides/"):
            yield f"另附 besides {name}: 登记机构的说明，日志不为其作证 told by the registry, not proven by the log"
        elif name not in listed and not _SUCCESSION.fullmatch(name) and (files[name] or not name.endswith("/")):
            raise Wrong(name, "不属于此证据包。", "does not belong to the bundle.")


def _stamped(files: dict[str, bytes], told: Any, roots: str) -> Iterator[str]:
    """Another body's word on when the checkpoint was there. OpenSSL judges it: certificates as of the time that the token tells."""
    head = _need(files, "checkpoint")
    if any(
        _need(files, f"proofs/{said['index']}.tlog-proof").partition(b"\n\n")[2] != head for said in told["entries"]
    ):
        raise Wrong("checkpoint", "不是各证明所用的签名摘要。", "is not the checkpoint of the proofs.")
    if (token := files.get(TOKEN)) is None:
        if roots:
            raise Wrong(TOKEN, "缺少此文件：签名摘要没有时间戳。", "is missing: the checkpoint bears no time stamp.")
        yield "时间戳 time stamp: 无 none"
        return
    if not roots:
        yield f"时间戳 time stamp {TOKEN}: 未核对，请用 --tsa-roots 给出机构根证书 not verified: give the authority's roots by --tsa-roots"
        return
    with TemporaryDirectory() as folder:
        Path(folder, "token").write_bytes(token)
        Path(folder, "head").write_bytes(head)
        said = _openssl(folder, "-reply", "-in", "token", "-text")
        found = re.search(r"^Time stamp: (\w{3} +\d+ \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", said, re.MULTILINE)
        if not found:
            raise Wrong(TOKEN, "没有说明时间。", "does not say when it was made.")
        at = datetime.strptime(" ".join(f"{found[1]} {found[2]}".split()), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        moment = ["-attime", str(int(at.timestamp()))]
        _openssl(folder, "-verify", "-in", "token", "-data", "head", "-CAfile", str(Path(roots).resolve()), *moment)
    yield f"时间戳 time stamp {at:%Y-%m-%d %H:%M:%S} UTC ✓"


def _openssl(folder: str, *words: str) -> str:
    if (program := shutil.which("openssl")) is None:
        raise Wrong(TOKEN, "核对时间戳需要 openssl。", "openssl is needed to verify the time stamp.")
    plain = {**os.environ, "LC_ALL": "C"}
    command = [program, "ts", *words]
    done = subprocess.run(command, cwd=folder, env=plain, capture_output=True, timeout=60, check=False)  # noqa: S603
    if done.returncode:
        said = [line for line in done.stderr.decode(errors="replace").splitlines() if not line.startswith("Using")]
        raise Wrong(TOKEN, "时间戳不成立：", f"the time stamp does not hold: {' / '.join(said[-2:])[:300]}")
    return done.stdout.decode(errors="replace")


def _disclosed(files: dict[str, bytes], said: dict[str, Any], fields: dict[str, Any]) -> Iterator[str]:
    """What was not public, and was handed over with its salt."""
    if "salt" not in said:
        return
    salt, name = said["salt"], f"disclosed/{said['index']}.json"
    if not isinstance(salt, str) or not _SALT.fullmatch(salt):
        raise Wrong(CONTENTS, "随机值有误。", "a salt is malformed.")
    digest = sha256(bytes.fromhex(salt) + _need(files, name)).hexdigest()
    if digest != fields.get("commitment"):
        raise Wrong(name, "与条目中的摘要不符。", "is not what the entry commits to.")
    yield f"  原文 disclosed {name} ✓"


def _still_there(
    folder: Path, old: Checkpoint, trust: list[Trusted], told: Any, files: dict[str, bytes]
) -> Iterator[str]:
    """Whether the log, as it is published later, begins with what the bundle's checkpoint says."""
    where = str(folder)
    try:
        note = Note.read((folder / "checkpoint").read_bytes())
        new = signed_by(note, trust)
        if new.origin != old.origin:
            raise NoteFault("it is that of another log")
        if new.size < old.size:
            raise Wrong(
                where, "比证据包所见的短：有条目被抽走。", "is shorter than the bundle saw it: entries were taken out."
            )
        tiled = Tiled(new.size, lambda tile: (folder / tile.path).read_bytes())
        roots = root_of(old.size, tiled.subtree), root_of(new.size, tiled.subtree)
        if roots != (old.root, new.root):
            raise Wrong(
                where,
                "已不是以证据包所见的内容开头：日志被改过。",
                "no longer begins with what the bundle saw: it was rewritten.",
            )
        for said in told["entries"]:
            if tiled.entry(said["index"]) != _need(files, f"entries/{said['index']}.json"):
                raise Wrong(where, f"第 {said['index']} 条已不同。", f"holds another entry {said['index']}.")
    except (NoteFault, OSError, ValueError) as fault:
        raise Wrong(where, "无法核对：", f"cannot be checked: {fault}") from None
    yield f"仍在日志中 still in the log ({new.size}) ✓"


def _files(path: str) -> dict[str, bytes]:
    """Every file of the bundle, bounded: it may come from anybody."""
    try:
        with open(path, "rb") as raw, zipfile.ZipFile(raw) as bundle:
            parts = bundle.infolist()
            sizes = [part.file_size for part in parts]
            if len(parts) > MOST_FILES or max(sizes, default=0) > MOST_FILE_BYTES or sum(sizes) > MOST_IN_ALL:
                raise Wrong(path, "证据包过大。", "the bundle is too large.")
            _must_be_plain(raw, parts, bundle.start_dir)
            found = {part.filename: bundle.read(part) for part in parts}
    except _UNREADABLE as fault:
        raise Wrong(path, "无法读取：", f"cannot be read: {fault}") from None
    if len(found) != len(parts):
        raise Wrong(path, "有重名的文件。", "two files bear one name.")
    return found


def _must_be_plain(raw: BinaryIO, parts: list[zipfile.ZipInfo], end: int) -> None:
    """Files over one another, or larger than they say, are how a small zip holds a huge one; and other programs might read something
    else out of it."""
    start = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        raw.seek(part.header_offset + 26)
        data = part.header_offset + 30 + sum(struct.unpack("<HH", raw.read(4)))
        if part.header_offset < start or data + part.compress_size > end:
            raise zipfile.BadZipFile("files overlap")
        start = data + part.compress_size
        raw.seek(data)
        if not _is_as_long_as_said(part, raw.read(part.compress_size)):
            raise zipfile.BadZipFile("a file is not as long as it says, or packed in an unusual way")


def _is_as_long_as_said(part: zipfile.ZipInfo, packed: bytes) -> bool:
    if part.compress_type == zipfile.ZIP_STORED:
        return len(packed) == part.file_size
    if part.compress_type != zipfile.ZIP_DEFLATED:
        return False
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    return (
        len(stream.decompress(packed, part.file_size + 1)) == part.file_size and stream.eof and not stream.unused_data
    )


def _contents(files: dict[str, bytes]) -> dict[str, Any]:
    told = _json(_need(files, CONTENTS), CONTENTS)
    said, names = told.get("entries"), told.get("objects")
    is_listed = isinstance(said, list) and all(isinstance(one, dict) and type(one.get("index")) is int for one in said)
    is_named = isinstance(names, list) and all(isinstance(name, str) for name in names)
    if not is_listed or not is_named or not isinstance(told.get("origin"), str):
        raise Wrong(CONTENTS, "目录有误。", "the list of contents is malformed.")
    return told


def _proof(text: str, index: int) -> EntryProof:
    where = f"proofs/{index}.tlog-proof"
    try:
        proof = EntryProof.read(text)
    except NoteFault as fault:
        raise Wrong(where, "不是证明文件：", f"is no proof: {fault}") from None
    if proof.index != index:
        raise Wrong(where, "是另一条目的证明。", "is the proof of another entry.")
    return proof


def _key(text: str) -> VerifierKey:
    try:
        return VerifierKey.read(text)
    except NoteFault as fault:
        raise Wrong(text[:80], "不是公钥：", f"is no verifier key: {fault}") from None


def _need(files: dict[str, bytes], name: str) -> bytes:
    if name not in files:
        raise Wrong(name, "缺少此文件。", "is missing.")
    return files[name]


def _text(files: dict[str, bytes], name: str) -> str:
    try:
        return _need(files, name).decode()
    except UnicodeDecodeError:
        raise Wrong(name, "不是 UTF-8 文本。", "is not UTF-8.") from None


def _json(data: bytes, name: str) -> dict[str, Any]:
    """An object of strict JSON, in UTF-8; other programs must read the same out of it."""
    try:
        told = json.loads(data.decode(), parse_constant=_not_json)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not _is_shallow(told):
        raise Wrong(name, "不是 JSON。", "is not JSON.")
    return told


def _not_json(constant: str) -> None:
    raise ValueError(constant)


def _is_shallow(told: Any, levels: int = MOST_DEPTH) -> bool:
    parts = list(told.values()) if isinstance(told, dict) else told
    return not isinstance(parts, list) or (levels > 0 and all(_is_shallow(part, levels - 1) for part in parts))


def main(given: list[str]) -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("bundle")
    parser.add_argument("--key", default="")
    parser.add_argument("--log", default="")
    parser.add_argument("--tsa-roots", default="")
    asked = parser.parse_args(given)
    try:
        for line in verify(asked.bundle, asked.key, asked.log, asked.tsa_roots):
            sys.stdout.write(f"{line}\n")
    except Wrong as wrong:
        sys.stderr.write(f"✗ {wrong}\n")
        return 1
    sys.stdout.write(f"{PASSED}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
