"""Django's sessions in the database, for keys that could be one."""

from django.contrib.sessions.backends.db import SessionStore as TableStore


class SessionStore(TableStore):
    """A quoted cookie may hold any byte. One that no key has, such as NUL, is no session, and no question to the database."""

    def _validate_session_key(self, key: str) -> bool:
        return bool(super()._validate_session_key(key)) and key.isascii() and key.isalnum()
