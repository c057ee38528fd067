"""The settings of credentials, read from the environment (docs/operations.md)."""

from dataclasses import dataclass
from pathlib import Path

from environ import Env


@dataclass(frozen=True, slots=True)
class CredentialSettings:
    """The key that signs, and a folder of public keys (PEM) that signed before: what they signed is verified on."""

    key: Path
    former: Path
    root: str

    @classmethod
    def read(cls, env: Env, var: Path, public_url: str) -> "CredentialSettings":
        return cls(
            key=Path(env.str("GI_CREDENTIALS_KEY", default=str(var / "credentials.pem"))),
            former=Path(env.str("GI_CREDENTIALS_FORMER_KEYS", default=str(var / "credentials_former"))),
            root=public_url,
        )
