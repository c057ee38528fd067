"""The settings of the open log, read from the environment (docs/operations.md)."""

from dataclasses import dataclass
from pathlib import Path

from environ import Env


@dataclass(frozen=True, slots=True)
class OpenLogSettings:
    """Where its files and its key are, its name for life, and who else signs, each as "address key"."""

    folder: Path
    key: Path
    origin: str
    witnesses: tuple[str, ...] = ()

    @classmethod
    def read(cls, env: Env, var: Path, public_url: str) -> "OpenLogSettings":
        return cls(
            folder=Path(env.str("GI_OPENLOG_DIR", default=str(var / "openlog"))),
            key=Path(env.str("GI_OPENLOG_KEY", default=str(var / "openlog.pem"))),
            origin=env.str("GI_OPENLOG_ORIGIN", default=public_url.partition("://")[2] + "/log"),
            witnesses=tuple(env.list("GI_OPENLOG_WITNESSES", default=[])),
        )
