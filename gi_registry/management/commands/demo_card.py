"""The message of the day: what a person needs to try the demo, from var/demo.json."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gi_registry.demo.card import read_card
from trace.rules.verdicts import Verdict
from trace.rules.wording import WORDINGS


class Command(BaseCommand):
    help = "演示的网址、账号和样例码 the demo's addresses, logins and sample codes"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        card = read_card()
        if not card:
            raise CommandError("没有演示数据 There is no demo yet: ./gi demo")
        base = card["base_url"]
        self.stdout.write(f"\n  首页 Home {base}/    导览 Tour {base}/tour/    接口 API {base}/api/docs/\n")
        self.stdout.write("\n  账号 Accounts")
        for account in card["accounts"]:
            self.stdout.write(f"    {account['username']:<18}{account['password']}")
        self.stdout.write(f"\n  样例码 Sample codes: {base}/c/…")
        for word, url in card["samples"].items():
            title = WORDINGS[Verdict(word)].title
            code = url.removeprefix(f"{base}/c/")
            self.stdout.write(f"    {code:<26}{title.zh} {title.en}")
        self.stdout.write("\n  密钥等见 Keys and more: var/demo.json    停止 Stop: ./gi stop\n")
