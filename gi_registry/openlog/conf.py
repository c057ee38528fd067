"""The settings of the open log, read from the environment (docs/operations.md)."""

from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environ import Env


@dataclass(frozen=True, slots=True)
class OpenLogSettings:
    """Where its files and its key are, its name for life, and who else signs, each as "address key". ``sm2_key``: a second key
    of our own, for a second line under each checkpoint; None: one line alone. ``bucket``: where the files are instead of the folder."""

    folder: Path
    key: Path
    origin: str
    witnesses: tuple[str, ...] = ()
    stamps: "StampSettings | None" = None
    sm2_key: Path | None = None
    bucket: "BucketSettings | None" = None

    @classmethod
    def read(cls, env: Env, var: Path, public_url: str, *, is_demo: bool) -> "OpenLogSettings":
        return cls(
            folder=Path(env.str("GI_OPENLOG_DIR", default=str(var / "openlog"))),
            key=Path(env.str("GI_OPENLOG_KEY", default=str(var / "openlog.pem"))),
            origin=env.str("GI_OPENLOG_ORIGIN", default=public_url.partition("://")[2] + "/log"),
            witnesses=tuple(env.list("GI_OPENLOG_WITNESSES", default=[])),
            stamps=StampSettings.read(env, var, is_demo=is_demo),
            sm2_key=Path(told) if (told := env.str("GI_OPENLOG_SM2_KEY", default="")) else None,
            bucket=BucketSettings.read(env),
        )


@dataclass(frozen=True, slots=True)
class BucketSettings:
    """A bucket of an S3-compatible store, ``prefix`` within it, and how it is addressed: ``path``, ``virtual`` or ``auto``. Credentials are
    none of ours: boto3 finds them in the environment, a file or a role."""

    bucket: str
    endpoint: str = ""
    prefix: str = ""
    region: str = ""
    style: str = "auto"

    @classmethod
    def read(cls, env: Env) -> "BucketSettings | None":
        """None where files are kept in the folder."""
        names = ("bucket", "endpoint", "prefix", "region")
        told = cls(
            **{name: env.str(f"GI_OPENLOG_S3_{name.upper()}", default="") for name in names},
            style=env.str("GI_OPENLOG_S3_STYLE", default="auto"),
        )
        is_address = told.endpoint.startswith(("http://", "https://"))
        if told.style not in ("auto", "path", "virtual") or (told.endpoint and not is_address):
            raise ImproperlyConfigured("GI_OPENLOG_S3_ENDPOINT: http(s)://…; GI_OPENLOG_S3_STYLE: auto, path, virtual")
        return told if told.bucket else None


@dataclass(frozen=True, slots=True)
class StampSettings:
    """The authority that stamps checkpoints (RFC 3161): its address, or ``local`` for one of this machine that nobody else believes;
    the certificates under which it is believed; the policy that is demanded; how often, in seconds, at the latest; through which proxy, if any."""

    url: str
    roots: Path
    own: Path
    policy: str = ""
    hash_name: str = "sha256"
    user: str = ""
    password: str = field(default="", repr=False)
    every_s: int = 3600
    proxy: str = field(default="", repr=False)

    @classmethod
    def read(cls, env: Env, var: Path, *, is_demo: bool) -> "StampSettings | None":
        """None where nobody is to be asked."""
        url = env.str("GI_OPENLOG_TSA_URL", default="local" if is_demo else "")
        told = cls(
            url=url,
            roots=Path(env.str("GI_OPENLOG_TSA_ROOTS", default=str(var / "tsa" / "root.pem"))),
            own=var / "tsa",
            policy=env.str("GI_OPENLOG_TSA_POLICY", default=""),
            hash_name=env.str("GI_OPENLOG_TSA_HASH", default="sha256"),
            user=env.str("GI_OPENLOG_TSA_USER", default=""),
            password=env.str("GI_OPENLOG_TSA_PASSWORD", default=""),
            every_s=env.int("GI_OPENLOG_TSA_EVERY", default=3600),
            proxy=env.str("GI_OPENLOG_TSA_PROXY", default=""),
        )
        return told if url else None
