"""Time stamps (RFC 3161): asked over HTTP, verified by OpenSSL and by a second library; and whatever is wrong with one is refused."""

import hashlib
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import rfc3161_client
from cryptography import x509

from gi_registry.openlog import stamps
from gi_registry.openlog.conf import StampSettings
from gi_registry.openlog.stamps import REPLY, HttpAuthority, LocalAuthority, Stamper, StampFault, verify

DATA = b"gi.example/log\n9\nAAAA\n\nsigned\n"
POLICY = "2.25.329800735698586629295641978511506172918"


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> LocalAuthority:
    return LocalAuthority(tmp_path_factory.mktemp("tsa") / "own")


@pytest.fixture(scope="module")
def other(tmp_path_factory) -> LocalAuthority:
    return LocalAuthority(tmp_path_factory.mktemp("tsa") / "other")


class Answers:
    """An authority that answers with what it is told to."""

    name = "answers"

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def reply(self, query: bytes) -> bytes:
        return self.raw


@contextmanager
def served(answer, *, certified: Path | None = None) -> Iterator[str]:
    """Over HTTP on loopback, or HTTPS; ``answer`` takes the handler and the query."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, *args):
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if certified:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certified / "tls.pem", certified / "tls.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http{'s' if certified else ''}://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(handler, data: bytes, kind: str = REPLY, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def test_a_token_is_verified_by_openssl_and_by_a_second_library(authority):
    token = Stamper(authority, authority.roots).stamp(DATA)
    assert abs(token.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert (token.policy, token.verified_by.startswith("OpenSSL 3")) == (POLICY, True)
    assert verify(token.raw, DATA, authority.roots) == token.at
    told = rfc3161_client.decode_timestamp_response(token.raw)
    root = x509.load_pem_x509_certificate(authority.roots.read_bytes())
    second = rfc3161_client.VerifierBuilder().add_root_certificate(root).build()
    assert second.verify_message(told, DATA)
    assert told.tst_info.gen_time == token.at
    with pytest.raises(rfc3161_client.VerificationError):
        second.verify_message(told, DATA + b"!")


def test_sm3_is_stamped_as_sha256_is(authority):
    assert hashlib.new("sm3", b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    token = Stamper(authority, authority.roots, hash_name="sm3").stamp(DATA)
    assert hashlib.new("sm3", DATA).digest() in token.raw
    assert verify(token.raw, DATA, authority.roots) == token.at


def test_a_token_over_other_bytes_under_other_roots_or_of_another_query_is_refused(authority, other):
    token = Stamper(authority, authority.roots).stamp(DATA)
    with pytest.raises(StampFault, match="message imprint mismatch"):
        verify(token.raw, DATA + b"!", authority.roots)
    with pytest.raises(StampFault, match="certificate verify error"):
        verify(token.raw, DATA, other.roots)
    with pytest.raises(StampFault, match="nonce"):  # a reply of yesterday, played again
        Stamper(Answers(token.raw), authority.roots).stamp(DATA)


def test_a_policy_that_the_authority_does_not_serve_is_refused_by_it(authority):
    assert Stamper(authority, authority.roots, policy=POLICY).stamp(DATA).policy == POLICY
    with pytest.raises(StampFault, match="the authority refused: Rejected"):
        Stamper(authority, authority.roots, policy="1.2.3.9").stamp(DATA)


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def a_signer(folder: Path, usage: str, days: int) -> None:
    """A root of its own and a leaf of this usage and these days. Before the token: a root is not valid before it is made."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(folder, "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root")
    openssl(folder, "req", *key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=Leaf")
    (folder / "usage").write_text(f"extendedKeyUsage={usage}\n")
    under = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-extfile", "usage", "-days", str(days)]
    openssl(folder, "x509", "-req", "-in", "leaf.csr", *under, "-out", "leaf.pem")


def signed_again(token: bytes, folder: Path) -> tuple[bytes, Path]:
    """What a token says, signed by the other signer."""
    (folder / "token").write_bytes(token)
    openssl(folder, "ts", "-reply", "-in", "token", "-token_out", "-out", "cms")
    openssl(folder, "cms", "-verify", "-noverify", "-inform", "DER", "-in", "cms", "-out", "info")
    signer = ["-signer", "leaf.pem", "-inkey", "leaf.key", "-outform", "DER", "-out", "again"]
    openssl(
        folder,
        "cms",
        "-sign",
        "-cades",
        "-binary",
        "-nodetach",
        "-econtent_type",
        "id-smime-ct-TSTInfo",
        "-in",
        "info",
        *signer,
    )
    cms = (folder / "again").read_bytes()
    body = b"\x30\x03\x02\x01\x00" + cms  # status: granted
    return b"\x30\x82" + len(body).to_bytes(2, "big") + body, folder / "root.pem"


@pytest.mark.parametrize(
    ("usage", "days", "reason"),
    [
        ("critical,timeStamping", 2, None),
        ("timeStamping", 2, "verify error"),  # RFC 3161, 2.3: the extension is critical
        ("critical,serverAuth", 2, "verify error"),
        ("critical,timeStamping", -1, "expired"),
    ],
)
def test_a_certificate_of_another_purpose_or_out_of_its_days_stamps_nothing(authority, tmp_path, usage, days, reason):
    a_signer(tmp_path, usage, days)
    token = Stamper(authority, authority.roots).stamp(DATA)
    raw, roots = signed_again(token.raw, tmp_path)
    if reason is None:
        assert verify(raw, DATA, roots) == token.at
        return
    with pytest.raises(StampFault, match=reason):
        verify(raw, DATA, roots)


@pytest.mark.parametrize("raw", [b"", b"junk", b"\x30\x82\xff\xff", bytes(70_000)])
def test_what_is_no_reply_is_refused(authority, raw):
    with pytest.raises(StampFault):
        Stamper(Answers(raw), authority.roots).stamp(DATA)
    with pytest.raises(StampFault):
        verify(raw, DATA, authority.roots)


def test_every_flipped_byte_of_a_token_is_refused_or_changes_nothing_that_is_said(authority):
    token = Stamper(authority, authority.roots).stamp(DATA)
    for at in range(0, len(token.raw), 29):
        spoilt = token.raw[:at] + bytes([token.raw[at] ^ 1]) + token.raw[at + 1 :]
        try:
            assert verify(spoilt, DATA, authority.roots) == token.at
        except StampFault:
            continue


def test_an_authority_is_asked_over_http_with_its_media_types_and_credentials(authority):
    seen = {}

    def answer(handler, query):
        seen.update(handler.headers)
        send(handler, authority.reply(query))

    with served(answer) as url:
        asked = HttpAuthority(url, "gi", "secret")
        assert verify(Stamper(asked, authority.roots).stamp(DATA).raw, DATA, authority.roots)
    assert (seen["Content-Type"], seen["Accept"]) == ("application/timestamp-query", REPLY)
    assert seen["Authorization"] == "Basic Z2k6c2VjcmV0"
    assert asked.name == url.removeprefix("http://").removesuffix("/tsa")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda handler, _: send(handler, b"<html>", "text/html"), "answered with text/html"),
        (lambda handler, _: send(handler, b"", status=503), "503"),
        (lambda handler, _: send(handler, bytes(1_000_000)), "too long"),
        (
            lambda handler, _: (
                handler.send_response(302),
                handler.send_header("Location", "/"),
                handler.end_headers(),
            ),
            "302",
        ),
        (lambda handler, _: handler.wfile.write(b"nonsense"), "cannot be asked"),
    ],
)
def test_whatever_else_an_authority_answers_is_a_reason_and_no_token(authority, answer, reason):
    with served(answer) as url, pytest.raises(StampFault, match=reason):
        Stamper(HttpAuthority(url), authority.roots).stamp(DATA)


def test_one_that_is_not_there_is_a_reason_too(authority, monkeypatch):
    with pytest.raises(StampFault, match="cannot be asked"):
        Stamper(HttpAuthority("http://127.0.0.1:9/"), authority.roots).stamp(DATA)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(StampFault, match="openssl is not installed"):
        Stamper(authority, authority.roots).stamp(DATA)


@pytest.fixture
def certified(tmp_path, monkeypatch) -> Path:
    """A certificate for this machine, and the only one that this process believes."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "tls.key"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    openssl(tmp_path, "req", "-x509", *key, "-out", "tls.pem", *names)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls.pem"))
    return tmp_path


def test_over_tls_it_is_asked_only_under_a_certificate_that_is_believed(authority, certified, monkeypatch):
    with served(lambda handler, query: send(handler, authority.reply(query)), certified=certified) as url:
        assert Stamper(HttpAuthority(url), authority.roots).stamp(DATA).policy == POLICY
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(StampFault, match="CERTIFICATE_VERIFY_FAILED"):
            Stamper(HttpAuthority(url), authority.roots).stamp(DATA)


@pytest.mark.parametrize("is_tls", [False, True])
@pytest.mark.parametrize("what", ["the head", "the body"])
def test_one_that_drips_is_given_up_in_time(authority, monkeypatch, certified, what, is_tls):
    monkeypatch.setattr(stamps, "IN_ALL_S", 0.5)
    is_given_up = threading.Event()

    def drip(handler, _):
        if what == "the body":
            handler.wfile.write(f"HTTP/1.0 200 OK\r\nContent-Type: {REPLY}\r\n\r\n".encode())
        try:
            while not is_given_up.wait(0.05):
                handler.wfile.write(b"H")
        except OSError:
            return

    with served(drip, certified=certified if is_tls else None) as url:
        begun = time.monotonic()
        with pytest.raises(StampFault, match=r"no whole answer within|timed out"):
            Stamper(HttpAuthority(url), authority.roots).stamp(DATA)
        assert time.monotonic() - begun < 5
        is_given_up.set()


def test_a_proxy_is_used_where_it_was_named_and_not_because_the_environment_names_one(authority, monkeypatch):
    seen = []

    def answer(handler, query):
        seen.append(handler.path)
        send(handler, authority.reply(query))

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    with served(answer) as url:
        Stamper(HttpAuthority(url), authority.roots).stamp(DATA)
        Stamper(HttpAuthority("http://tsa.example/x", proxy=url), authority.roots).stamp(DATA)
    assert seen == ["/tsa", "http://tsa.example/x"]


def test_neither_password_nor_proxy_is_shown(tmp_path):
    told = StampSettings("https://x", tmp_path, tmp_path, user="gi", password="hidden", proxy="http://me:hidden@proxy")
    assert "hidden" not in repr(told)
    assert "hidden" not in HttpAuthority("https://gi:hidden@tsa.example/").name
