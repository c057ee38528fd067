"""Somebody outside who knows the demo by HTTP alone: with an API key, or with cookies as a browser."""

import json
import re
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, ProxyHandler, Request, build_opener

TIMEOUT_S = 30
# Like a browser's, since a program that names itself as one is never counted as a check.
AGENT = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140 gi-demo"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class StepFailed(Exception):
    """The registry did not do what the demo promises; the message says what it did instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    url: str

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Visitor:
    """``base_url`` has no slash at its end; only http and https are opened, and never through a proxy."""

    base_url: str
    api_key: str = ""
    _browser: OpenerDirector = field(init=False)

    def __post_init__(self) -> None:
        if urlsplit(self.base_url).scheme not in ("http", "https"):
            raise StepFailed(f"{self.base_url}?")
        self._browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))

    def get(self, where: str, *, accept: str = "application/json", language: str = "zh") -> Answer:
        return self._ask(where, headers={"Accept": accept, "Accept-Language": language})

    def page(self, where: str, language: str = "zh") -> Answer:
        return self.get(where, accept="text/html", language=language)

    def post(self, where: str, data: dict[str, Any], **headers: str) -> Answer:
        """JSON in, JSON out. Header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"Accept": "application/json", "Content-Type": "application/json"}
        return self._ask(where, body=json.dumps(data).encode(), headers=sent)

    def submit(self, where: str, **fields: str) -> Answer:
        """Open a page with a form and send it filled in, with the token that it carries."""
        page = self.page(where)
        found = _TOKEN.search(page.text)
        if found is None:
            raise StepFailed(f"{where}: {page.status}, no form")
        body = urlencode({"csrfmiddlewaretoken": found[1], **fields}).encode()
        return self._ask(where, body=body, headers={"Accept": "text/html", "Referer": page.url})

    def _ask(self, where: str, *, headers: dict[str, str], body: bytes | None = None) -> Answer:
        url = where if "://" in where else f"{self.base_url}{where}"
        headers = {"User-Agent": AGENT, **headers}
        if self.api_key:
            headers["Authorization"] = f"Api-Key {self.api_key}"
        request = Request(url, data=body, headers=headers)  # noqa: S310 - http(s) alone, see __post_init__
        try:
            with self._browser.open(request, timeout=TIMEOUT_S) as response:
                return Answer(response.status, response.read(), response.url)
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read(), url)
