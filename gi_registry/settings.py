"""Settings from the environment; safe by default, and loud when production lacks something. One file for every place."""

import sys
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from gi_registry.api_document import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from gi_registry.credentials.conf import CredentialSettings
from gi_registry.lib import logs
from gi_registry.lib.texts import Text
from gi_registry.openlog.conf import OpenLogSettings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()

# --- what kind of place this is ---
DEBUG = env.bool("GI_DEBUG", default=False)
GI_DEMO = env.bool("GI_DEMO", default=False)
# The host printed in QR codes: https://HOST/c/{lot}. Once labels are printed it must never change.
GI_PUBLIC_URL = env.str("GI_PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
# How many reverse proxies of ours stand in front; only that many X-Forwarded-For hops are believed.
TRUSTED_PROXIES = env.int("GI_TRUSTED_PROXIES", default=0)
# Codes looked at a minute from one network (/24, /48); 0 where the web server in front counts.
GI_LOOKS_A_MINUTE = env.int("GI_LOOKS_A_MINUTE", default=6_000)
# An ip2region xdb table for the province of a check; without one the province stays empty.
IP_REGION_FILES = env.list("GI_IP_REGION_FILE", default=[])
GI_CODE_KEYS = env.str("GI_CODE_KEYS", default=str(VAR_DIR / "code_keys"))  # the folder of docs/keys.md
CREDENTIALS = CredentialSettings.read(env, VAR_DIR, GI_PUBLIC_URL)
OPENLOG = OpenLogSettings.read(env, VAR_DIR, GI_PUBLIC_URL, is_demo=GI_DEMO)
# Files of print jobs: unit codes, so private.
PRINTS_DIR = Path(env.str("GI_PRINTS_DIR", default=str(VAR_DIR / "prints")))
# The Chinese font of the labels, with #2 after it for the third face of a collection; empty looks in Debian's places.
LABEL_FONT = env.str("GI_LABEL_FONT", default="")
# Said under every map and with every layer. A map published in China needs its own review number (审图号); empty says
# there is none. Texts hold both languages, 中文|English.
MAP_REVIEW_NUMBER = env.str("GI_MAP_REVIEW_NUMBER", default="")
MAP_ATTRIBUTION = Text.read(env.str("GI_MAP_ATTRIBUTION", default="山西地理标志登记与溯源|Shanxi GI Registry"))
MAP_ACCURACY = Text.read(
    env.str(
        "GI_MAP_ACCURACY",
        default="行政区划取自公开数据并经简化；产地范围按公告所列行政区划合并，误差可达数百米，不作为划界依据。"
        "|Divisions come from public data, simplified. Regions join the divisions that the announcements name; "
        "they may be off by hundreds of metres and are no legal boundary.",
    )
)


def _secret_key() -> str:
    if file := env.str("GI_SECRET_KEY_FILE", default=""):
        return Path(file).read_text(encoding="utf-8").strip()
    if key := env.str("GI_SECRET_KEY", default=""):
        return key
    if {"collectstatic", "spectacular", "check", "makemigrations"} & set(sys.argv):
        return "only for commands that sign nothing"
    raise ImproperlyConfigured("Set GI_SECRET_KEY_FILE or GI_SECRET_KEY; `./gi demo` makes one for you.")


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("GI_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("GI_CSRF_TRUSTED_ORIGINS", default=[])

# --- applications, by AppConfig path: a shadowed `trace` then fails at once (it is a standard-library name too) ---
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "procrastinate.contrib.django",
    "gi_registry.apps.RoofConfig",
    "gi_registry.lib.apps.LibConfig",
    "gi_registry.accounts.apps.AccountsConfig",
    "gi_registry.openlog.apps.OpenlogConfig",
    "gi_registry.credentials.apps.CredentialsConfig",
    "gi_registry.ogc.apps.OgcConfig",
    "regions.apps.RegionsConfig",
    "products.apps.ProductsConfig",
    "trace.apps.TraceConfig",
]
MIDDLEWARE = [
    "gi_registry.lib.hosts.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "gi_registry.lib.headers.PermissionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gi_registry.health.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gi_registry.lib.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gi_registry.accounts.authentication.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "gi_registry.lib.problems.ProblemMiddleware",
]
ROOT_URLCONF = "gi_registry.urls"
WSGI_APPLICATION = "gi_registry.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "gi_registry" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gi_registry.pages.site",
            ]
        },
    }
]

# --- database: PostgreSQL + PostGIS by psycopg ---
DATABASES: dict[str, dict[str, Any]] = {"default": env.db("DATABASE_URL", default="postgis:///gi")}
DATABASES["default"]["ENGINE"] = "django.contrib.gis.db.backends.postgis"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("GI_CONN_MAX_AGE", default=300)
# A question that runs longer than this is stopped: one bad polygon must not hold a worker. PostGIS functions look so dear to
# the planner that it compiled short statements for 100 ms each, or started processes for them that took longer: neither here.
# No trigger is ignored, which is said once: each call of each trigger asks, and without an answer begins with an exception.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options",
    "-c jit=off -c max_parallel_workers_per_gather=0 -c lock_timeout=10000 -c pgtrigger.ignore={}"
    f" -c statement_timeout={env.int('GI_STATEMENT_TIMEOUT_MS', default=15000)}",
)
# Plans of statements asked with every request are kept by the connection. 0 for a pooler that hands connections round.
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = env.int("GI_PREPARE_AFTER", default=5) or None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Failed sign-ins are counted here: in Django's usual 300 entries, invented names would push out the one being guessed.
_TABLE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "OPTIONS": {"MAX_ENTRIES": 200_000}}
CACHES = {"default": env.cache("REDIS_URL") if env.str("REDIS_URL", default="") else _TABLE | {"LOCATION": "lib_cache"}}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # of each application; finished jobs are not kept
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}
PGHISTORY_APPEND_ONLY = True
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True

# --- people ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/portal/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "gi_registry.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # there is no sign-up to invite a stranger to
EMAIL_BACKEND = env.str("GI_EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = env.str("GI_FROM_EMAIL", default="registry@localhost")

# --- language and time ---
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "lang"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files ---
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Browser libraries from npm's lock file, put there by ./gi. Our own files are found in each application.
STATICFILES_DIRS = [VAR_DIR / "assets"] if (VAR_DIR / "assets").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MIMETYPES = {".mjs": "text/javascript"}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_HANDLERS = ["gi_registry.lib.files.BoundedUploadHandler"]

# --- security ---
IS_HTTPS = GI_PUBLIC_URL.startswith("https://")
if IS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = env.bool("GI_SSL_REDIRECT", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_ENGINE = "gi_registry.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "gi_registry.lib.problems.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# With Debian's GDAL 3.6 Django cannot switch off GDAL's own network and file access (gis.W001). No user string reaches
# GDAL here: geometry comes in by json + shapely (regions/geometry.py), and tests/house holds every caller to that.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

# --- API ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "gi_registry.accounts.authentication.ApiKeyAuthentication",
        "gi_registry.accounts.authentication.SessionAuth",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],  # ScopedAPIView asks its policies; tests/house refuses any other view
    "DEFAULT_PARSER_CLASSES": ["gi_registry.lib.jsonio.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["gi_registry.lib.jsonio.JsonRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "gi_registry.lib.problems.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

# --- logs ---
LOGGING = logs.configuration(env.str("GI_LOG_LEVEL", default="WARNING"))
