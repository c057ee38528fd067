"""The life of master keys: list, make, retire, mark compromised, seal by a token, prove a code. Never prints a key (docs/keys.md)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gi_registry.lib.ids import normalise
from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.texts import Text
from trace import keys
from trace.codes import sources
from trace.codes.keyring import EpochState
from trace.codes.layout import is_mistyped
from trace.proofs import RecordDiffers, proof_of

NO_SIGNER = Text(
    "现在没有用于签发的期次：旧码照常验证，不能签发新码。",
    "No epoch signs now: old codes verify as before, new ones cannot be issued.",
)
TOKEN = ("module", "token", "key", "pin_file")  # as ring.json has them
PROVEN = ("lot", "code")


class Command(BaseCommand):
    help = (
        "单元码主密钥的期次 epochs of the master keys of unit codes: list | new | retire | compromise | token | prove"
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="每个期次及其状态 each epoch and its state")
        for verb, about in (
            ("new", "新建期次并由它签发 make an epoch, which signs from now on"),
            ("retire", "不再签发，仍可验证 it signs no more and goes on verifying"),
            ("compromise", "密钥可能已泄露 its master may be in other hands"),
        ):
            verbs.add_parser(verb, help=about).add_argument("epoch")
        prove = verbs.add_parser(
            "prove", help="证明某码曾经签发（JSON） that a code was issued, as JSON, for who has no key"
        )
        for name in PROVEN:
            prove.add_argument(name)
        token = verbs.add_parser("token", help="用 PKCS#11 令牌封装主密钥 seal the masters by a PKCS#11 token")
        for name in TOKEN:
            token.add_argument(name)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["verb"])(*(options[name] for name in (*TOKEN, *PROVEN, "epoch") if name in options))
        except (KeyFault, RecordDiffers, OSError) as error:
            raise CommandError(str(error)) from error

    def list(self) -> None:
        for name, state in sources.states_of(keys.folder()).items():
            self.stdout.write(f"{name:<34}{state.value:<13}{state.text.zh} {state.text.en}")
        sources.load_ring(keys.folder())  # a list of keys that cannot be read would be a comfort and no help
        self._warn_without_signer()

    def new(self, epoch: str) -> None:
        before = sources.add_epoch(keys.folder(), epoch)
        self._say(f"期次 {epoch} 已建立，从现在起签发。", f"Epoch {epoch} is made and signs from now on.")
        if before:
            self._say(f"期次 {before} 不再签发，仍可验证。", f"Epoch {before} signs no more and still verifies.")
        where = keys.folder()
        self._say(f"请备份 {where}：丢失即无法验证。", f"Back up {where}: what is lost can never be verified.")

    def retire(self, epoch: str) -> None:
        sources.retire_epoch(keys.folder(), epoch)
        self._say(f"期次 {epoch} 不再签发，仍可验证。", f"Epoch {epoch} signs no more and still verifies.")
        self._warn_without_signer()

    def compromise(self, epoch: str) -> None:
        sources.compromise_epoch(keys.folder(), epoch)
        self._say(
            f"期次 {epoch} 已标为泄露：不再签发，验证时附警示。",
            f"Epoch {epoch} is marked compromised: it signs no more, and what it verifies is answered with a warning.",
        )
        self._warn_without_signer()

    def token(self, *told: str) -> None:
        sealed = sources.seal_masters(keys.folder(), dict(zip(TOKEN, told, strict=True)))
        names = ", ".join(sealed)
        self._say(f"已封装：{names or '没有未封装的主密钥'}。", f"Sealed: {names or 'none lay open'}.")

    def prove(self, lot: str, code: str) -> None:
        number, unit = normalise(lot), normalise(code)
        if is_mistyped(unit) or (told := proof_of(number, unit)) is None:
            raise CommandError(f"没有签发过这个码。 No such code was issued: {number} {unit}")
        self.stdout.write(json.dumps(told, indent=1))

    def _warn_without_signer(self) -> None:
        if EpochState.SIGNING not in sources.states_of(keys.folder()).values():
            self._say(NO_SIGNER.zh, NO_SIGNER.en)

    def _say(self, zh: str, en: str) -> None:
        self.stdout.write(f"{zh} {en}")
