"""Says what this installation lacks, each with the line that mends it; exit status 1 if anything that serves is missing."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.gis import gdal, geos
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from gi_registry.inventory import CODES, inventory
from gi_registry.lib import clock
from trace import keys
from trace.codes.errors import EpochNotSigning
from trace.labels import fonts

POSTGIS = (3, 3)
POSTGRES = 150000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Finding(NamedTuple):
    """One thing looked at. `mend` is a line to type; empty when all is well. `grave`: the service cannot do without."""

    what: str
    seen: str
    mend: str = ""
    grave: bool = True


class Command(BaseCommand):
    help = "检查缺什么、怎么补 what is missing or wrong, each with the line that mends it"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        grave = False
        for finding in findings():
            mark = "  ok" if not finding.mend else "缺 !!" if finding.grave else " (?)"
            self.stdout.write(f"{mark}  {finding.what:<34}{finding.seen}")
            if finding.mend:
                self.stdout.write(f"        -> {finding.mend}")
                grave = grave or finding.grave
        if grave:
            sys.exit(1)


def findings() -> Iterator[Finding]:
    """Everything, in the order in which one thing needs the other."""
    yield from libraries()
    try:
        yield from database()
        yield from data()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        yield Finding("数据库 database", reason, "./gi demo, or set DATABASE_URL to a server that answers")
    yield from files()
    yield from for_tests()


def libraries() -> Iterator[Finding]:
    yield Finding("Python", sys.version.split()[0], "" if sys.version_info >= (3, 11) else "apt-get install python3.11")
    yield Finding("GDAL", gdal.gdal_version().decode())
    yield Finding("GEOS", geos.geos_version().decode())


def database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        version = connection.connection.info.server_version
        yield Finding("PostgreSQL", str(version), "" if version >= POSTGRES else "upgrade the server to PostgreSQL 15")
        cursor.execute("SELECT default_version, installed_version FROM pg_available_extensions WHERE name = 'postgis'")
        offered, installed = cursor.fetchone() or ("", None)
        enough = tuple(int(part) for part in offered.split(".")[:2]) >= POSTGIS if offered else False
        mend = "" if enough else "apt-get install postgresql-15-postgis-3 postgresql-15-postgis-3-scripts"
        if enough and not installed:
            mend = "./gi manage migrate (as a role that may create extensions)"
        yield Finding("PostGIS", installed or offered or "none", mend)
        yield from _locale(cursor)
    yield from _migrations()


def _locale(cursor: Any) -> Iterator[Finding]:
    """Locale C makes no trigrams of Chinese text: the search would find nothing and never say why."""
    cursor.execute("SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()")
    encoding, ctype = cursor.fetchone()
    right = encoding == "UTF8" and ctype not in {"C", "POSIX"}
    mend = (
        "" if right else "createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 NAME, then load the data there"
    )
    yield Finding("编码与区域 encoding and locale", f"{encoding}, {ctype}", mend)


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield Finding("迁移 migrations not applied", str(len(waiting)), "./gi manage migrate" if waiting else "")


def data() -> Iterator[Finding]:
    """What must be there before anybody checks a code."""
    next_month = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)
    name = f"trace_check_{next_month:%Y_%m}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)::text", [name])
        (partition,) = cursor.fetchone()
        yield Finding(
            "下月分区 next month's checks", partition or "none", "" if partition else "./gi manage partitions"
        )
        for label, table in (
            ("行政区划 divisions", "regions_division"),
            ("地理标志 indications", "products_indication"),
        ):
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
            count = 0
            if cursor.fetchone()[0]:
                cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - the two names above
                (count,) = cursor.fetchone()
            yield Finding(label, str(count), "" if count else "./gi manage load_register")


def files() -> Iterator[Finding]:
    library = settings.VAR_DIR / "assets" / "maplibre" / "maplibre-gl.mjs"
    yield Finding(
        "地图库 map library", "there" if library.is_file() else "none", "" if library.is_file() else "./gi demo"
    )
    collected = (settings.STATIC_ROOT / "staticfiles.json").is_file()
    mend = "" if collected else "./gi manage collectstatic --noinput"
    yield Finding("静态文件 static files", "there" if collected else "not collected", mend)
    yield from code_keys()
    yield from signing_keys()
    try:
        yield Finding("标签字体 font of labels", fonts.find(settings.LABEL_FONT).name)
    except fonts.Unprintable:
        mend = "correct GI_LABEL_FONT" if settings.LABEL_FONT else f"apt-get install {fonts.PACKAGE}"
        yield Finding("标签字体 font of labels", settings.LABEL_FONT or "none", mend)


def signing_keys() -> Iterator[Finding]:
    """Those of the log and of certificates. Without them nothing is published or issued; registering and checking go on."""
    for key in inventory():
        if key.fault and key.purpose is not CODES:
            mend = "./gi manage openlog_key new, ./gi manage credentials_key new; see docs/keys.md"
            yield Finding(f"{key.purpose.zh} {key.purpose.en}", f"{key.fault.zh} {key.fault.en}", mend)


def code_keys() -> Iterator[Finding]:
    """The masters of unit codes. Without one that signs, old codes are still verified."""
    label, mend = "单元码密钥 keys of unit codes", "./gi manage code_keys new EPOCH; see docs/keys.md"
    if found := keys.fault():
        yield Finding(label, str(found), mend)
        return
    try:
        yield Finding(label, f"{keys.ring().current} signs, of {len(keys.ring().epochs)}")
    except EpochNotSigning as none:
        yield Finding(label, str(none), mend, grave=False)


def for_tests() -> Iterator[Finding]:
    """Only `./gi test` needs these, and installs them."""
    browser = next((path for path in map(shutil.which, BROWSERS) if path), "")
    yield Finding(
        "浏览器 browser for the tests", browser or "none", "" if browser else "apt-get install chromium", grave=False
    )
    fonts = _chinese_fonts()
    mend = "" if fonts else "apt-get install fonts-noto-cjk"
    yield Finding("中文字体 Chinese fonts", f"{fonts} faces", mend, grave=False)


def _chinese_fonts() -> int:
    tool = shutil.which("fc-list")
    if tool is None:
        return 0
    told = subprocess.run([tool, ":lang=zh", "family"], capture_output=True, text=True, check=False)  # noqa: S603
    return len(told.stdout.splitlines())
