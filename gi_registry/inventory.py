"""Every key of this installation: what it signs, which it is, whether it still signs, where it lies. Never a key itself.

Everybody may read which keys there are (``/log/keys/``): who verifies has to know. Where they lie is told on the machine alone
(``manage.py keys``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gi_registry.credentials.issuer import WHAT, our_issuer, thumbprint
from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.keyfiles import private
from gi_registry.lib.texts import Text, Word
from gi_registry.openlog.keys import our_log
from trace import keys
from trace.codes.sources import states_of, token_of


class Use(Word):
    """What a key may still do."""

    SIGNS = "signs", "在用", "In use"
    VERIFIES = "verifies", "只用于核对", "Verifies only"
    COMPROMISED = "compromised", "已泄露", "Compromised"
    OTHERS = "others", "由他方掌握", "Held by others"
    UNREADABLE = "unreadable", "无法读取", "Cannot be read"


AGE_S = 60
LOG = Text("公开日志", "Open log")
WITNESS = Text("日志见证", "Witness of the log")
CERTIFICATES = Text("证书", "Certificates")
CODES = Text("单件码", "Unit codes")
FROM, UP_TO = Text("从第 {n} 条起", "from entry {n} on"), Text("到第 {n} 条为止", "up to entry {n}")


@dataclass(frozen=True, slots=True)
class Key:
    """One key. ``name``: its public half, or its epoch; ``note``: since when; ``place``: where it lies, for whoever runs the service."""

    purpose: Text
    name: str
    use: Use
    note: Text | None = None
    place: str = ""
    fault: Text | None = None


def inventory() -> list[Key]:
    """Of the log, of certificates, of unit codes: what signs first. A group that cannot be read is one line that says so."""
    found: list[Key] = []
    for purpose, of_group in ((LOG, _of_log), (CERTIFICATES, _of_certificates), (CODES, _of_codes)):
        found += _told(purpose, of_group)
    return found


def _told(purpose: Text, of_group: Callable[[], Iterator[Key]]) -> list[Key]:
    try:
        return list(of_group())
    except (KeyFault, OSError) as fault:
        text = fault.text if isinstance(fault, KeyFault) else Text(str(fault), str(fault))
        return [Key(purpose, "", Use.UNREADABLE, fault=text)]


def _of_log() -> Iterator[Key]:
    log, told = our_log(), settings.OPENLOG
    since = FROM.format(n=log.chain[-1].size) if log.chain else None
    yield Key(LOG, str(log.signer.key), Use.SIGNS, since, _place(told.key, private(told.key, LOG).token))
    for one in log.also:
        yield Key(LOG, str(one.key), Use.SIGNS, place=_place(told.sm2_key))
    for link in reversed(log.chain):
        yield Key(LOG, str(link.before), Use.VERIFIES, UP_TO.format(n=link.size))
    for asked in log.witnesses:
        yield Key(WITNESS, str(asked.key), Use.OTHERS, place=asked.url)


def _of_certificates() -> Iterator[Key]:
    issuer, told = our_issuer(), settings.CREDENTIALS
    yield Key(CERTIFICATES, issuer.method, Use.SIGNS, place=_place(told.key, private(told.key, WHAT).token))
    for public in issuer.former:
        yield Key(CERTIFICATES, f"{issuer.id}#{thumbprint(public)}", Use.VERIFIES, place=str(told.former))


def _of_codes() -> Iterator[Key]:
    """Each epoch; secret keys have no public half, so that their names are all there is to tell."""
    keys.ring()
    uses = {"signing": Use.SIGNS, "verify_only": Use.VERIFIES, "compromised": Use.COMPROMISED}
    place = _place(keys.folder(), token_of(keys.folder()))
    for epoch, state in reversed(states_of(keys.folder()).items()):
        yield Key(CODES, epoch, uses[state.value], place=place)


def _place(path: Path | None, token: str = "") -> str:
    return f"{path} (PKCS#11: {token})" if token else str(path)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Which keys there are, for whoever verifies; looked up once a minute, for a second line of the log is tried each time."""
    found = cache.get_or_set("inventory", inventory, AGE_S)
    return render(request, "keys.html", {"keys": found, "origin": settings.OPENLOG.origin})
