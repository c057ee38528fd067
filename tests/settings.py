"""The real settings with what a test run needs changed, and nothing else."""

import atexit
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.build_keys import keys_for_tests

os.environ.setdefault("GI_SECRET_KEY", "only for tests, signs nothing that lasts")
os.environ.setdefault("GI_PUBLIC_URL", "http://testserver")
os.environ["GI_CODE_KEYS"] = keys_for_tests()  # in the environment: tests start processes too

from gi_registry.settings import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
# On a loaded machine 64 who want the same row wait longer than any request may: no statement is stopped for that alone.
DATABASES["default"]["OPTIONS"]["options"] += " -c lock_timeout=300000 -c statement_timeout=300000"  # noqa: F405
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns when there is none
WHITENOISE_USE_FINDERS = True
# Found when asked for: else every test client would read all files first, which takes longer than most tests.
WHITENOISE_AUTOREFRESH = True
OPENLOG = replace(OPENLOG, folder=Path(tempfile.mkdtemp(prefix="gi-test-openlog-")), stamps=None)  # noqa: F405
atexit.register(shutil.rmtree, OPENLOG.folder, ignore_errors=True)
PRINTS_DIR = Path(tempfile.mkdtemp(prefix="gi-test-prints-"))
atexit.register(shutil.rmtree, PRINTS_DIR, ignore_errors=True)
