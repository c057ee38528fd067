"""Time stamps (RFC 3161): another body's word that a checkpoint was there at a time, for our own clock proves nothing. Pure.

OpenSSL asks and verifies: it takes SM3 as it takes SHA-256, and tokens whose certificates are not in DER's order, which stricter
readers refuse. What came is kept as it came.
"""

import io
import os
import re
import shutil
import subprocess
import tempfile
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from socket import socket
from typing import Any, Protocol
from urllib.error import URLError
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

HASHES = ("sha256", "sha384", "sha512", "sm3")
MOST_BYTES = 64 * 1024
PATIENCE_S = 15.0  # without a word
IN_ALL_S = 30.0  # for an answer to the last byte, however steadily it drips
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
_SAID = re.compile(r"^(Status|Policy OID|Time stamp): (.+)$", re.MULTILINE)


class StampFault(Exception):
    """Why there is no token, or why it is none of this checkpoint."""


class Authority(Protocol):
    """Whoever stamps. ``reply`` takes a TimeStampReq and gives a TimeStampResp, both DER. Raises StampFault."""

    name: str

    def reply(self, query: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Token:
    """A verified reply: as it came, the authority's time, its policy, and what verified it."""

    raw: bytes
    at: datetime
    policy: str
    verified_by: str


@dataclass(frozen=True, slots=True)
class Stamper:
    """Asks one authority and believes it under ``roots`` (PEM) alone. ``policy``: the one that is demanded, or any. ``every_s``: how often
    at the latest."""

    authority: Authority
    roots: Path
    policy: str = ""
    hash_name: str = "sha256"
    every_s: int = 3600

    def stamp(self, data: bytes) -> Token:
        """A token over these bytes, verified before it is believed. Raises StampFault."""
        with _folder() as folder:
            (folder / "data").write_bytes(data)
            asked = ["-data", "data", f"-{self.hash_name}", "-cert", "-out", "query"]
            _openssl(folder, "ts", "-query", *asked, *(["-tspolicy", self.policy] if self.policy else []))
            raw = self.authority.reply((folder / "query").read_bytes())
            if len(raw) > MOST_BYTES:
                raise StampFault("the reply is too long")
            (folder / "reply").write_bytes(raw)
            told = _told(folder)
            # Against the query: its nonce and policy are those of the reply, or this reply was made for another.
            _openssl(
                folder, "ts", "-verify", "-in", "reply", "-queryfile", "query", "-CAfile", str(self.roots.resolve())
            )
            return Token(raw, _time(told), told.get("Policy OID", ""), _openssl(folder, "version").strip())


def verify(raw: bytes, data: bytes, roots: Path) -> datetime:
    """The time at which the token was made over these bytes, its certificates judged as of then. Raises StampFault."""
    with _folder() as folder:
        (folder / "data").write_bytes(data)
        (folder / "reply").write_bytes(raw)
        at = _time(_told(folder))
        moment = ["-attime", str(int(at.timestamp()))]
        _openssl(folder, "ts", "-verify", "-in", "reply", "-data", "data", "-CAfile", str(roots.resolve()), *moment)
        return at


class HttpAuthority:
    """One that is asked over HTTP (RFC 3161, 3.4), through a proxy only where one is named: never by what the environment says."""

    def __init__(self, url: str, user: str = "", password: str = "", proxy: str = "") -> None:
        self.name, self._url = url.partition("://")[2].partition("/")[0].rpartition("@")[2], url
        self._headers = {"Content-Type": QUERY, "Accept": REPLY}
        self._proxy = ProxyHandler({"http": proxy, "https": proxy} if proxy else {})
        if user:
            self._headers["Authorization"] = "Basic " + b64encode(f"{user}:{password}".encode()).decode()

    def reply(self, query: bytes) -> bytes:
        try:
            request = Request(self._url, query, self._headers)  # noqa: S310 - conf lets http and https in alone
            until = time.monotonic() + IN_ALL_S
            opener = build_opener(self._proxy, _Still, _Web(until))
            with opener.open(request, timeout=PATIENCE_S) as answer:
                if answer.headers.get_content_type() != REPLY:
                    raise StampFault(f"{self.name} answered with {answer.headers.get_content_type()}")
                return answer.read(MOST_BYTES + 1)
        except (URLError, HTTPException, OSError, ValueError) as trouble:
            raise StampFault(f"{self.name} cannot be asked: {trouble}") from None


class _Still(HTTPRedirectHandler):
    """Whoever is not asked at the address that was named is not who was named; nor does a password go elsewhere."""

    def redirect_request(self, *told: object) -> None:
        return None


class _Hurried(io.RawIOBase):
    """What a socket says until a moment. A timeout of the socket alone begins anew with each byte."""

    def __init__(self, sock: socket, until: float) -> None:
        self._sock, self._raw, self._until = sock, sock.makefile("rb", 0), until

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no whole answer within {IN_ALL_S:g} s")
        self._sock.settimeout(min(left, PATIENCE_S))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _hurried(kind: type[HTTPConnection], until: float, host: str, **more: Any) -> HTTPConnection:
    connection = kind(host, **more)
    connection.response_class = lambda sock, *a, **k: HTTPResponse(_Hurried(sock, until), *a, **k)
    return connection


class _Web(HTTPHandler, HTTPSHandler):
    """Whose answers are whole by a moment."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self._until = until

    def http_open(self, request: Request) -> HTTPResponse:
        return self.do_open(partial(_hurried, HTTPConnection, self._until), request)

    def https_open(self, request: Request) -> HTTPResponse:
        return self.do_open(partial(_hurried, HTTPSConnection, self._until), request)


class LocalAuthority:
    """An authority of this machine, made when it is first asked: for tests and the demo. Nobody else believes it."""

    name = "local"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def roots(self) -> Path:
        if not (self._folder / "root.pem").exists():
            self.make()
        return self._folder / "root.pem"

    def make(self, *, usage: str = "critical,timeStamping", days: int = 3650) -> None:
        """A root, and under it a leaf that may stamp; ready in one step, so that of two makers one is believed."""
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        with _folder(self._folder.parent) as fresh:
            key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
            _openssl(
                fresh,
                "req",
                "-x509",
                *key,
                "-keyout",
                "root.key",
                "-out",
                "root.pem",
                "-days",
                "3650",
                "-subj",
                "/CN=Local root",
            )
            _openssl(fresh, "req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Local time stamps")
            (fresh / "usage").write_text(f"extendedKeyUsage={usage}\nkeyUsage=critical,digitalSignature\n")
            signed = [
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-CAcreateserial",
                "-extfile",
                "usage",
                "-out",
                "tsa.pem",
            ]
            _openssl(fresh, "x509", "-req", "-in", "tsa.csr", "-days", str(days), *signed)
            (fresh / "serial").write_text("01\n")
            (fresh / "tsa.cnf").write_text(_CONFIGURATION)
            try:
                os.rename(fresh, self._folder)
            except OSError:  # another made it meanwhile
                return
            fresh.mkdir()

    def reply(self, query: bytes) -> bytes:
        here = self.roots.parent
        with _folder() as folder:
            (folder / "query").write_bytes(query)
            files = ["-queryfile", str(folder / "query"), "-out", str(folder / "reply")]
            _openssl(here, "ts", "-reply", "-config", "tsa.cnf", "-section", "authority", *files)
            return (folder / "reply").read_bytes()


_CONFIGURATION = """[tsa]
default_tsa = authority
[authority]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 2.25.329800735698586629295641978511506172918
digests = sha256, sha384, sha512, sm3
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def _told(folder: Path) -> Mapping[str, str]:
    """What a reply says of itself. Raises StampFault for one that grants nothing."""
    told = dict(_SAID.findall(_openssl(folder, "ts", "-reply", "-in", "reply", "-text")))
    if told.get("Status", "").rstrip(".") not in ("Granted", "Granted with modifications"):
        raise StampFault(f"the authority refused: {told.get('Status', 'no status')[:200]}")
    return told


def _time(told: Mapping[str, str]) -> datetime:
    said = re.sub(r"\.\d+", "", told.get("Time stamp", ""))
    try:
        return datetime.strptime(" ".join(said.split()), "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)
    except ValueError:
        raise StampFault("the token does not say when it was made") from None


def _folder(within: Path | None = None) -> tempfile.TemporaryDirectory:
    return _Folder(dir=within, ignore_cleanup_errors=True)


class _Folder(tempfile.TemporaryDirectory):
    def __enter__(self) -> Path:  # type: ignore[override]
        return Path(super().__enter__())


def _openssl(folder: Path, *words: str) -> str:
    """OpenSSL in a folder. Raises StampFault with its own words."""
    if (program := shutil.which("openssl")) is None:
        raise StampFault("openssl is not installed")
    plain = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(folder)}
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            [program, *words], cwd=folder, env=plain, capture_output=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise StampFault("openssl did not end") from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        said = [line for line in lines if not line.startswith("Using configuration")]
        raise StampFault(" / ".join(said[-2:])[:500] or "openssl failed")
    return done.stdout.decode(errors="replace")
