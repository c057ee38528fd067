"""``var/demo.json``: for people and programs, where the demo stands, who may sign in, and a sample of every verdict."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings


def card_file() -> Path:
    return settings.VAR_DIR / "demo.json"


def read_card(file: Path | None = None) -> dict[str, Any]:
    """The card of the last load; empty where there is none or it cannot be read."""
    try:
        card = json.loads((file or card_file()).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}


def write_card(card: dict[str, Any], file: Path) -> bool:
    """Write it whole or not at all; whether anything changed. Readable by its owner only: there are keys in it."""
    text = json.dumps(card, ensure_ascii=False, indent=2) + "\n"
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
    fresh.replace(file)
    return True


def kept_keys(card: dict[str, Any]) -> dict[str, str]:
    """User name -> key, as told last time."""
    return {account["username"]: account.get("api_key", "") for account in card.get("accounts", [])}
