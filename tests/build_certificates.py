"""Certificates for tests: a key of their own, and a verifier that is not ours."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings as project
from django.test import Client

from gi_registry.credentials.issuer import did_of
from gi_registry.lib.keyfiles import make
from tests.cast import NOW
from tests.house.tree import ROOT

NODE = project.VAR_DIR / "node" / "bin" / "node"
MODULES = project.VAR_DIR / "npm" / "node_modules"
HOST = "https://gi.example"
DID = did_of(HOST)


def an_issuer(settings: Any, folder: Path) -> None:
    """The issuer of the pages, with a key of its own."""
    settings.CREDENTIALS = replace(
        settings.CREDENTIALS, key=folder / "credentials.pem", former=folder / "former", root=HOST
    )
    make(settings.CREDENTIALS.key)


@dataclass(frozen=True)
class Case:
    """What a verifier is shown: a credential as ``json`` or ``jwt``, what is served instead of ours by address, and when it looks."""

    text: str
    form: str = "json"
    served: Mapping[str, Any] = field(default_factory=dict)
    now: str = NOW.isoformat()


def served_by(client: Client) -> dict[str, Any]:
    """What an independent verifier may fetch of us, by its address."""
    paths = ["/.well-known/did.json", "/contexts/gi/v1.jsonld"]
    paths += [f"/certificates/status/{purpose}/1" for purpose in ("revocation", "suspension")]
    answers = {path: client.get(path) for path in paths}
    return {f"{HOST}{path}": json.loads(told.content) for path, told in answers.items() if told.status_code == 200}


def judged(client: Client, folder: Path, cases: Iterable[Case]) -> list[dict[str, Any]]:
    """What the verifier in Node says of each: ``verified``, and the reasons why not."""
    served = served_by(client)
    told = [{"form": one.form, "text": one.text, "now": one.now, "served": served | dict(one.served)} for one in cases]
    (folder / "asked.json").write_text(json.dumps({"modules": str(MODULES), "cases": told}), encoding="utf-8")
    done = subprocess.run(
        [NODE, ROOT / "tests/clients/verify_credential.mjs", folder / "asked.json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
