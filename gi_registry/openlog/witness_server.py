"""A witness for another body to run: python -m gi_registry.openlog.witness_server --key KEY.pem --name NAME --state FILE --log KEY

Needs Python and the package cryptography, and neither database nor framework. KEY.pem is an Ed25519 key of that body (PKCS #8);
--log is the verifier key of a log that it watches, once for each. What it signed last is in FILE, written through to the
disk before a signature goes out: keep it, for who loses it could be shown another log.

供其他机构运行的见证程序：只为确实在原有内容上增长的日志签名。
"""

import json
import os
import sys
import time
from argparse import ArgumentParser
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gi_registry.openlog.notes import KeyType, Note, NoteFault, Signer, VerifierKey
from gi_registry.openlog.witness import MOST_BYTES, Answer, Growth, Watch, judge


class Book:
    """What was signed last of each log: in memory, and in a file that is replaced as a whole."""

    def __init__(self, file: Path, keys: list[VerifierKey]) -> None:
        self.file = file
        self.notes: dict[str, str] = {}
        self.watched = {key.name: Watch(tuple(one for one in keys if one.name == key.name)) for key in keys}
        for origin, told in (json.loads(file.read_text()) if file.exists() else {}).items():
            if origin in self.watched:
                watch = self.watched[origin]
                self.watched[origin] = replace(watch, size=told["size"], root=b64decode(told["root"]))
                self.notes[origin] = told["note"]

    def keep(self, origin: str, watch: Watch, note: str) -> None:
        watched, notes = self.watched | {origin: watch}, self.notes | {origin: note}
        told = {
            name: {"size": one.size, "root": b64encode(one.root).decode(), "note": notes[name]}
            for name, one in watched.items()
            if name in notes
        }
        fresh = self.file.with_suffix(".new")
        with open(fresh, "w") as file:
            json.dump(told, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self.file)
        folder = os.open(self.file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self.watched, self.notes = watched, notes

    def answer(self, data: bytes, signer: Signer, now: int) -> Answer:
        def keep(origin: str, watch: Watch) -> None:
            note = Growth.read(data).checkpoint
            self.keep(origin, watch, str(Note(note.text, (*note.signatures, signer.cosign(note.text, now)))))

        return judge(data, self.watched, signer, now, keep)

    def latest(self, path: str) -> str | None:
        """By the hex SHA-256 of the origin."""
        for origin, note in self.notes.items():
            if path == f"/{sha256(origin.encode()).hexdigest()}/checkpoint":
                return note
        return None


def handler(book: Book, signer: Signer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request at a time: what is read, judged and kept is not crossed by another."""

        timeout = 10

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                self.tell(Answer(404))
            elif not length.isascii() or not length.isdigit() or len(length) > 7 or int(length) > MOST_BYTES:
                self.tell(Answer(400))
            else:
                self.tell(book.answer(self.rfile.read(int(length)), signer, int(time.time())))

        def do_GET(self) -> None:
            note = book.latest(self.path)
            self.tell(Answer(404) if note is None else Answer(200, note))

        def tell(self, answer: Answer) -> None:
            body = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def signer_of(file: Path, name: str) -> Signer:
    """Raises NoteFault."""
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as fault:
        raise NoteFault(f"{file}: {fault}") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise NoteFault(f"{file}: no Ed25519 key")
    return Signer(VerifierKey(name, KeyType.COSIGNATURE, key.public_key().public_bytes_raw()), key.sign)


def main(given: list[str]) -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--log", action="append", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090)
    asked = parser.parse_args(given)
    try:
        signer = signer_of(asked.key, asked.name)
        book = Book(asked.state, [VerifierKey.read(key) for key in asked.log])
    except (NoteFault, OSError, ValueError, KeyError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    with HTTPServer((asked.host, asked.port), handler(book, signer)) as server:
        sys.stdout.write(f"{signer.key}\nhttp://{asked.host}:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
