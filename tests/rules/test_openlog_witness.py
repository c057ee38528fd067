"""Witnesses: each answer that the protocol has, what is signed and what never is, and a witness asked over HTTP."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gi_registry.openlog import tree
from gi_registry.openlog.notes import Checkpoint, KeyType, Note, NoteFault, Signer, VerifierKey
from gi_registry.openlog.witness import SIZE_TYPE, Answer, Asked, Growth, Silent, Watch, judge

ORIGIN, AT = "gi.example/log", 1_790_000_000
ENTRIES = [f"entry {number}".encode() for number in range(70)]


def a_signer(name: str, seed: int, kind: int) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return Signer(VerifierKey(name, kind, private.public_key().public_bytes_raw()), private.sign)


LOG, WITNESS = a_signer(ORIGIN, 1, KeyType.ED25519), a_signer("witness.example", 2, KeyType.COSIGNATURE)


def subtree(level: int, index: int) -> bytes:
    return tree.root(ENTRIES[index << level : (index + 1) << level])


def a_checkpoint(size: int, root: bytes | None = None, signer: Signer = LOG, origin: str = ORIGIN) -> Note:
    text = str(Checkpoint(origin, size, tree.root(ENTRIES[:size]) if root is None else root))
    return Note(text, (signer.over(text),))


def a_growth(old: int, new: int, **more) -> Growth:
    return Growth(old, tree.consistency(old, new, subtree), a_checkpoint(new, **more))


NO_CHECKPOINT = Note("no checkpoint\n", (LOG.over("no checkpoint\n"),))


class Book(dict):
    """What a witness keeps."""

    def __init__(self) -> None:
        super().__init__({ORIGIN: Watch((LOG.key,))})

    def ask(self, growth: Growth | bytes) -> Answer:
        data = growth if isinstance(growth, bytes) else str(growth).encode()
        return judge(data, self, WITNESS, AT, self.__setitem__)


def test_a_witness_signs_each_step_of_a_log_that_only_grows():
    book = Book()
    for old, new in ((0, 1), (1, 64), (64, 64), (64, 70)):
        answer = book.ask(a_growth(old, new))
        assert answer.status == 200
        note = Note.read(f"{a_checkpoint(new).text}\n{answer.body}")
        assert note.by([WITNESS.key]) == (WITNESS.key,)
        assert (book[ORIGIN].size, book[ORIGIN].root) == (new, tree.root(ENTRIES[:new]))


def test_another_size_than_it_knows_is_answered_with_the_one_it_knows():
    book = Book()
    book.ask(a_growth(0, 64))
    for old in (0, 1, 63, 65):
        assert book.ask(a_growth(old, 70)) == Answer(409, "64\n", SIZE_TYPE)
    assert book[ORIGIN].size == 64


def test_a_log_that_does_not_begin_with_what_was_signed_is_never_signed():
    book = Book()
    book.ask(a_growth(0, 64))
    forged = Growth(64, tree.consistency(64, 70, subtree), a_checkpoint(70, root=bytes(32)))
    other = Growth(64, (), a_checkpoint(64, root=bytes(32)))
    spoilt = Growth(64, (*tree.consistency(64, 70, subtree)[:-1], bytes(32)), a_checkpoint(70))
    for growth in (forged, other, spoilt):
        assert book.ask(growth).status == 422
    assert book[ORIGIN].root == tree.root(ENTRIES[:64])


def test_who_is_unknown_or_did_not_sign_is_told_so():
    book = Book()
    assert book.ask(a_growth(0, 3, origin="elsewhere/log")).status == 404
    assert book.ask(a_growth(0, 3, signer=a_signer(ORIGIN, 9, KeyType.ED25519))).status == 403
    forged = str(a_growth(0, 3)).replace("old 0", "old 0").encode().replace(b"\n3\n", b"\n4\n")
    assert book.ask(forged).status == 403
    assert book.ask(Growth(5, (), a_checkpoint(3))).status == 400


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"old 0",
        b"old 00\n\n",
        b"old -1\n\n",
        b"old 0\nnot base64\n\nx",
        b"old 0\nAAAA\n\nx",
        b"\xff",
        b"x" * 200_001,
        "old ٠\n\n".encode(),
        b"old 0\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + b"\n" + str(a_checkpoint(1)).encode(),
        b"old 0\n\n" + str(NO_CHECKPOINT).encode(),
    ],
)
def test_what_is_no_request_is_refused_as_such(data):
    assert Book().ask(data).status == 400


def test_a_request_is_read_back():
    growth = a_growth(3, 70)
    assert Growth.read(str(growth).encode()) == growth
    with pytest.raises(NoteFault):
        Growth.read(b"old 1\n")


def test_what_could_not_be_kept_is_not_signed():
    def full(origin: str, watch: Watch) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        judge(str(a_growth(0, 3)).encode(), Book(), WITNESS, AT, full)


# --- over HTTP ---


@pytest.fixture
def served() -> Iterator[tuple[str, Book, list[Answer]]]:
    """A witness on loopback; answers put into the list are given instead of its own."""
    book, instead = Book(), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            answer = instead.pop(0) if instead else book.ask(data)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, *told: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", book, instead
        server.shutdown()
        thread.join()


def lines_of(url: str, new: int, seen: int) -> Note:
    note = a_checkpoint(new)
    lines = Asked(url, WITNESS.key).sign(note, seen, lambda old: tree.consistency(old, new, subtree))
    return Note(note.text, (*note.signatures, *lines))


def test_a_witness_is_asked_from_where_it_stands(served):
    url, book, _ = served
    assert lines_of(url, 3, 0).by([LOG.key, WITNESS.key]) == (LOG.key, WITNESS.key)
    assert book[ORIGIN].size == 3
    assert lines_of(url, 70, 0).by([WITNESS.key]), "it says that it knows three, and is asked from there"
    assert book[ORIGIN].size == 70


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500),
        Answer(409, "71\n", SIZE_TYPE),
        Answer(409, "x\n", SIZE_TYPE),
        Answer(200, ""),
        Answer(200, "nonsense\n"),
        Answer(200, str(LOG.over("another text\n"))),
        Answer(200, str(WITNESS.cosign("another text\n", AT))),
    ],
)
def test_what_a_witness_sends_is_believed_only_when_it_is_its_own_and_right(served, answer):
    url, _, instead = served
    instead += [answer, answer]
    with pytest.raises(Silent, match=r"witness.example"):
        lines_of(url, 3, 0)


def test_a_witness_that_is_not_there_is_silent():
    with pytest.raises(Silent):
        lines_of("http://127.0.0.1:9", 3, 0)


def test_lines_of_others_that_a_witness_adds_are_left_out(served):
    url, book, instead = served
    own = book.ask(a_growth(0, 3)).body
    instead.append(Answer(200, own + str(LOG.over("x\n"))))
    assert [line.name for line in lines_of(url, 3, 0).signatures] == [ORIGIN, "witness.example"]
