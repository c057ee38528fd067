"""Prints what a person needs to try the demo, from var/demo.json: addresses, logins, a sample of every verdict."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "演示的网址、账号和样例码 the demo's URLs, logins and sample codes"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        file = settings.VAR_DIR / "demo.json"
        try:
            card = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise CommandError("没有演示数据 There is no demo yet: ./gi demo") from error
        base = card["base_url"]
        self.stdout.write(f"\n  首页 Home      {base}/\n  接口 API docs  {base}/api/docs/\n")
        self.stdout.write("\n  账号 Accounts (用户名 username, 密码 password)\n")
        for account in card["accounts"]:
            self.stdout.write(f"    {account['role']:<18}{account['username']:<20}{account['password']}")
        self.stdout.write("\n  样例码 A sample of every verdict\n")
        for verdict, url in card["samples"].items():
            self.stdout.write(f"    {verdict:<26}{url}")
        self.stdout.write(f"\n  也写在 Also in {file.relative_to(settings.BASE_DIR)}\n")
