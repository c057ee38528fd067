"""What can be wrong with keys of any kind. Pure."""

from gi_registry.lib.texts import Text


class KeyFault(Exception):
    """Keys that cannot be used; ``text`` says why to whoever runs the service, and never holds a key."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = Text(zh, en)
        super().__init__(f"{zh} {en}")
