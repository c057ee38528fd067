"""An S3 store that is not ours (moto's), over HTTP, and before it a door that fails as it is told to."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex
from threading import Thread
from unittest.mock import patch

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from gi_registry.openlog.bucket import Bucket
from gi_registry.openlog.conf import BucketSettings

SECRET = "never-to-be-shown"
# As boto3 finds them, and nothing of the machine besides.
AWS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
PREFIX = "gi/log"
Answer = tuple[str, bytes]


class Door:
    """Every request goes through it. ``before`` may answer in the store's place; ``after``, in place of what the store answered."""

    def __init__(self) -> None:
        self._store = DomainDispatcherApplication(create_backend_app)
        self.endpoint = ""
        self.open()

    def open(self) -> None:
        self.asked: list[str] = []
        self.before: Callable[[dict], Answer | None] = lambda asked: None
        self.after: Callable[[dict], Answer | None] = lambda asked: None

    def away(self, asked: dict) -> Answer:
        return "503 Service Unavailable", b""

    def __call__(self, environ, start_response):
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if told := self.before(environ):
            return _say(told, start_response)
        told = []
        body = list(self._store(environ, lambda *a, **k: told.append((a, k))))
        if instead := self.after(environ):
            return _say(instead, start_response)
        for args, more in told:
            start_response(*args, **more)
        return body

    def settings(self) -> BucketSettings:
        """Of a fresh bucket."""
        told = BucketSettings(f"log-{token_hex(8)}", self.endpoint, PREFIX, "us-east-1")
        Bucket(told)._client.create_bucket(Bucket=told.bucket)
        return told


def _say(told: Answer, start_response) -> list[bytes]:
    start_response(told[0], [("Content-Length", str(len(told[1])))])
    return [told[1]]


def slowly(asked: dict) -> None:
    time.sleep(3)


@contextmanager
def a_door() -> Iterator[Door]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    door = Door()
    server = make_server("127.0.0.1", 0, door, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    door.endpoint = f"http://127.0.0.1:{server.server_port}"
    try:
        with patch.dict(os.environ, AWS):
            yield door
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
