"""All settings, read from the environment. With none given this is a self-contained demonstration under `var/`.

`DATABASE_URL` decides: without it the project runs on SQLite, a broker in files and a cache in files, as a demo;
with it, it is a production deployment that insists on `SECRET_KEY`, unless `DEMO` or `DEBUG` say otherwise.
"""

import os
import re
import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from safetyledger import file_broker, kept, key_ring, redis_limits
from safetyledger.api_schema import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from safetyledger.numbers import NUMBERS
from safetyledger.schedule import SCHEDULE
from safetyledger.unknown_variable import RaiseOnUnknownVariable

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
# pytest announces itself; the suite must not share files, hashing cost or broker with a running demo.
TESTING = "PYTEST_VERSION" in os.environ

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default="DATABASE_URL" not in os.environ)
# Over plain http://127.0.0.1 browsers would drop secure cookies, so demo, debug and tests go without.
SECURE = not (DEBUG or DEMO or TESTING)
REDIS_URL = env.str("REDIS_URL", default="")


def secret_key():
    """The key from the environment; outside production one of our own."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    if SECURE:
        raise ImproperlyConfigured("SECRET_KEY must be set (or DEMO=1 for a demonstration).")
    if TESTING:
        return "only-for-tests"
    return kept.secret(VAR_DIR / "secret.key", re.compile(r"[\w-]{86}", re.ASCII), lambda: secrets.token_urlsafe(64))


def demo_password():
    """The one password of all demo accounts; None outside demo mode, where no account has a known password."""
    if not DEMO or TESTING:
        return None
    if password := env.str("DEMO_PASSWORD", default=""):
        return password
    pattern = re.compile(r"Demo-[0-9a-f]{10}")
    return kept.secret(VAR_DIR / "demo_password", pattern, lambda: f"Demo-{secrets.token_hex(5)}")


DEMO_PASSWORD = demo_password()
SECRET_KEY = secret_key()
# Outside the database: what seals events, where the heads of chains stand (docs/guide/audit.md), what encrypts secrets in it.
AUDIT_KEYS, AUDIT_KEYS_FILE = key_ring.given("AUDIT_KEYS", env, VAR_DIR, secure=SECURE, testing=TESTING)
AUDIT_ANCHORS = Path(env.str("AUDIT_ANCHORS", default=str(VAR_DIR / "audit.anchors")))
DATA_KEYS, DATA_KEYS_FILE = key_ring.given("DATA_KEYS", env, VAR_DIR, secure=SECURE, testing=TESTING)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if SECURE else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Peer addresses whose X-Forwarded-For and X-Forwarded-Proto are believed; empty: nobody's.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

INSTALLED_APPS = [
    "accounts",  # before what it takes over a command of
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "workdays",
    "workbooks",
    "folding",
    "look",
    "journal",
    "notifications",
    "disclosures",
    "evidence",
    "inspections",
    "responsibilities",
    "criteria",
    "hazards",
    "enforcement",
    "flags",
    "imports",
    "reporting",
    "rankings",
    "bulletins",
    "safetyledger",
    "backups",
    "demo",
    "bench",
]

# Answered whatever else hangs: without a session, and by threads of their own.
HEALTH_PATHS = ("/healthz", "/readyz")
MIDDLEWARE = [
    "safetyledger.middleware.TrustedProxyMiddleware",
    "safetyledger.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "safetyledger.middleware.NoStoreMiddleware",
    "csp.middleware.CSPMiddleware",
    "safetyledger.middleware.RefuseNulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "safetyledger.middleware.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page needs a login unless it says @login_not_required.
    "safetyledger.expiry.SignInMiddleware",
    "safetyledger.first_duties.FirstDutiesMiddleware",
    "safetyledger.middleware.KnownNamesMiddleware",
    "safetyledger.middleware.IdleSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "disclosures.middleware.DisclosureMiddleware",
]

ROOT_URLCONF = "safetyledger.urls"
WSGI_APPLICATION = "safetyledger.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "safetyledger.navigation.navigation",
                "safetyledger.health.context",
            ],
            "builtins": [
                "django.templatetags.static",
                "look.templatetags.look",
                "hazards.templatetags.hazard_badges",
            ],
            "string_if_invalid": RaiseOnUnknownVariable() if TESTING else "",
        },
    }
]

# --- data ---------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock when a transaction begins, so web and worker queue instead of failing midway
    # with "database is locked"; WAL lets readers go on meanwhile.
    _synchronous = "OFF" if TESTING else "FULL"  # what was acknowledged outlives a power cut
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={_synchronous}; PRAGMA foreign_keys=ON;",
    }
    if not TESTING:
        kept.private(Path(_database["NAME"]))
    # A file, not memory: a live server's threads need connections of their own. One per process: runs may overlap.
    _database["TEST"] = {"NAME": str(VAR_DIR / f"test-{os.getpid()}.sqlite3")}
else:
    _database["CONN_MAX_AGE"] = 0 if TESTING else 60
    _database["CONN_HEALTH_CHECKS"] = True
    from safetyledger import waiting_limits  # only here: its driver need not be there otherwise

    # jit: the statement that finds whom to tell is estimated dear and reads few rows; compiling it took seconds, running it milliseconds.
    _database["OPTIONS"] = waiting_limits.options(env) | _database.get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = redis_limits.caches(REDIS_URL, VAR_DIR / "cache", testing=TESTING)

# Photos and documents: never served by address, every one goes through a view that asks for its row.
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
FILE_UPLOAD_PERMISSIONS = 0o640
DISK_RESERVE_MB = env.int("DISK_RESERVE_MB", default=500)  # below it uploads are refused; the rest goes on
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=20 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 60

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "build" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "safetyledger.npm.NpmFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# A bucket keeps them instead of MEDIA_ROOT when one is named. It stays private: nobody is sent an address in it.
S3_BUCKET = env.str("S3_BUCKET", default="")
S3 = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
        "region_name": env.str("S3_REGION", default="") or None,
        "access_key": env.str("S3_ACCESS_KEY", default="") or None,
        "secret_key": env.str("S3_SECRET_KEY", default="") or None,
        "addressing_style": env.str("S3_ADDRESSING_STYLE", default="path"),
        "file_overwrite": False,  # two files of one name are two files
        "max_memory_size": 5 * 1024 * 1024,
    },
}
_kind_of_files = "InMemoryStorage" if TESTING else "FileSystemStorage"
_files = S3 if S3_BUCKET and not TESTING else {"BACKEND": f"django.core.files.storage.{_kind_of_files}"}
STORAGES = {
    "default": _files,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "safetyledger.static_storage.ManifestStorage"
    },
}

# Straight from the sources while developing and testing: nothing to collect first.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING or DEBUG

# --- people and sessions ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Seated"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "hazards:desk"
LOGOUT_REDIRECT_URL = "accounts:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "safetyledger.passwords.CharacterClassesValidator", "OPTIONS": {"classes": 3}},
]
# After so many days a password is to be replaced before anything else is done.
PASSWORD_DAYS = env.int("PASSWORD_DAYS", default=90)
# Roles that open nothing before a second factor is bound; the demonstration is exempt, and tests say whom they mean.
_needing = [] if TESTING else ["sysadmin", "secadmin", "auditor", "safety_office"]
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", default=_needing)
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Idle time-out (GB/T 22239-2019 8.1.4.1 b): IdleSessionMiddleware moves the end forward while somebody works.
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
# However busy, a session ends so long after the sign-in.
SESSION_LONGEST_SECONDS = env.int("SESSION_LONGEST_SECONDS", default=12 * 3600)
SESSION_ENGINE = "accounts.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "safetyledger_session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "safetyledger.expiry.csrf_failure"

# --- headers ------------------------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE)
# The container's own health check speaks plain http to the web process.
SECURE_REDIRECT_EXEMPT = [rf"^{path.removeprefix('/')}$" for path in HEALTH_PATHS]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
# TrustedProxyMiddleware removes this header from everyone who is not in TRUSTED_PROXIES.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- language and time --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["safetyledger.formats"]  # dates read 2026-11-22, whatever the locale would make of them
LOCALE_PATHS = [BASE_DIR / "locale"]  # our own sentences for what the libraries say

# --- numbers of the acts: safetyledger/numbers.py ---------------------------------------------------------------------

vars().update({name: env.int(name, default=default) for name, default in NUMBERS.items()})
BULLETIN_TEMPLATE = env.str("BULLETIN_TEMPLATE", default=str(VAR_DIR / "bulletin.docx"))  # docs/guide/bulletins.md
BULLETIN_RED_HEAD = env.bool("BULLETIN_RED_HEAD", default=False)  # off: offices print on head paper of their own

# --- mail ---------------------------------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
# Where links in mails lead, e.g. https://aq.example.gov.cn; without it mails carry no links.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="safetyledger@localhost")

# --- API ----------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # First the one that says what is missing: 401 and WWW-Authenticate, not 403.
        "safetyledger.api_token.Token",
        "safetyledger.api_session.PageSession",
    ],
    "EXCEPTION_HANDLER": "safetyledger.api_answers.answer_to",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["safetyledger.json_renderer.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["safetyledger.json_parser.JsonParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# --- background work ----------------------------------------------------------------------------------------------

if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = redis_limits.BROKER
elif TESTING:
    CELERY_BROKER_URL = "memory://"
else:
    CELERY_BROKER_URL = "files://"
    CELERY_BROKER_TRANSPORT_OPTIONS = file_broker.options(VAR_DIR / "broker")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long it is away
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "safetyledger.scheduler:FreshScheduler"
BEAT_ALIVE = VAR_DIR / "beat-alive"
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- logging ------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
