"""Settings. Everything that differs between machines comes from the environment."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parents[1]


def read_text(name: str, default: str = "") -> str:
    """Return an environment variable, or its default when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def read_flag(name: str, *, default: bool) -> bool:
    """Return a yes/no environment variable; refuse anything else."""
    value = read_text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        msg = f"{name} must be 1 or 0, not {value!r}."
        raise ImproperlyConfigured(msg)
    return value in {"1", "true", "yes"}


def read_count(name: str, *, default: int) -> int:
    """Return an environment variable that counts, from 1 on; refuse anything else."""
    value = read_text(name, str(default))
    if not (value.isascii() and value.isdecimal() and int(value) > 0):
        msg = f"{name} must be a whole number from 1 on, not {value!r}."
        raise ImproperlyConfigured(msg)
    return int(value)


VAR = Path(read_text("MOTCUA_VAR", str(ROOT / "var"))).absolute()
LAW_DIR = next(
    (folder for folder in (ROOT / "law", PACKAGE / "law") if folder.is_dir()), ROOT / "law"
)
DEBUG = read_flag("MOTCUA_DEBUG", default=False)
IS_DEMONSTRATION = read_flag("MOTCUA_DEMO", default=not os.environ.get("DATABASE_URL"))


def _secret_key() -> str:
    """Return the key from the environment, or one made once and kept beside the database."""
    if key := read_text("MOTCUA_SECRET_KEY"):
        return key
    path = VAR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole beside its place and then linked there: of two processes that start at once
        # the first wins, and one that is killed leaves no empty key behind.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


SECRET_KEY = _secret_key()


def _other_systems() -> dict[str, dict[str, str]]:
    """Return how each system is reached to which our statuses are sent, by its code."""
    found = {}
    for name in sorted(os.environ):
        if not (named := re.fullmatch(r"MOTCUA_SEND_([A-Z0-9]{1,20})_URL", name)):
            continue
        url, prefix = read_text(name), name.removesuffix("URL")
        if not url:
            continue
        if not re.match(r"https?://[^/\s]+", url):
            msg = f"{name} must be an address that begins with https://, not {url!r}."
            raise ImproperlyConfigured(msg)
        for part in ("USER", "KEY"):
            if not read_text(prefix + part):
                msg = f"{name} is set, so {prefix}{part} must be set as well."
                raise ImproperlyConfigured(msg)
        found[named[1]] = {
            "url": url.rstrip("/"),
            "user": read_text(prefix + "USER"),
            "key": read_text(prefix + "KEY"),
            "unit": read_text(prefix + "UNIT"),
            "destination": read_text(prefix + "DESTINATION"),
            "login_path": read_text(prefix + "LOGIN_PATH", "/mapi/login"),
            "service_path": read_text(prefix + "SERVICE_PATH", "/mapi/g"),
        }
    return found


OTHER_SYSTEMS = _other_systems()
ALLOWED_HOSTS = read_text("MOTCUA_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in read_text("MOTCUA_ORIGINS").split(",") if o]

AS_OWNER = read_text("MOTCUA_DATABASE_ROLE") == "owner"
APPLICATION_ROLE = "motcua_app"


def _database() -> dict[str, Any]:
    """Return where the database is: a server named by DATABASE_URL, a test cluster, or our own."""
    if url := read_text("DATABASE_URL"):
        found: dict[str, Any] = dict(dj_database_url.parse(url))
        if "postgresql" not in str(found.get("ENGINE")):
            msg = "DATABASE_URL must name a PostgreSQL database (postgresql://…)."
            raise ImproperlyConfigured(msg)
        if not AS_OWNER and read_flag("MOTCUA_DATABASE_SETS_ROLE", default=True):
            found.setdefault("OPTIONS", {})["options"] = f"-c role={APPLICATION_ROLE}"
        return found
    if host := read_text("MOTCUA_PG_HOST"):
        name = read_text("MOTCUA_PG_NAME", "motcua")
        return {"NAME": name, "USER": "motcua", "HOST": host, "PORT": "5432"}

    from motcua.project import embedded  # noqa: PLC0415 - only needed without a server of one's own

    return {
        "NAME": "motcua",
        "USER": "motcua" if AS_OWNER else APPLICATION_ROLE,
        "HOST": str(embedded.socket_dir(VAR / "pg")),
        "PORT": "5432",
    }


DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **_database(),
    }
}
# Without a threshold, psycopg prepares nothing, not even where a statement asks for it. A pooler
# that changes the server's connection between transactions cannot keep what was prepared.
if read_flag("MOTCUA_PREPARED_STATEMENTS", default=True):
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("prepare_threshold", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "motcua.look",
    "motcua.people",
    "motcua.audit",
    "motcua.clock",
    "motcua.lawbook",
    "motcua.files",
    "motcua.messages",
    "motcua.procedures",
    "motcua.workflow",
    "motcua.cases",
    "motcua.reporting",
    "motcua.portal",
    "motcua.desk",
    "motcua.demonstration",
    "motcua.project",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "motcua.look.middleware.policy_middleware",
    "motcua.look.middleware.address_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "motcua.look.middleware.language_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "motcua.desk.middleware.desk_middleware",
    "motcua.lawbook.middleware.decisions_middleware",
    "motcua.lawbook.middleware.law_middleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "motcua.project.urls"
WSGI_APPLICATION = "motcua.project.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "motcua.desk.context.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "desk:home"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "motcua.people.adapter.StaffAccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A whole office comes from one address and signs in within minutes; failures keep their own limits.
# What another system sends is limited by its token, what comes without one by where it comes from.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "system_message": f"{read_count('MOTCUA_MESSAGES_A_MINUTE', default=600)}/m/key",
    "system_message_refused": "1/m/key",
    "system_unknown": "30/m/ip",
}
# Here rate limits are counted: for all processes and machines together, so in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "rate_limits",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [("", PACKAGE / "static")] if (PACKAGE / "static").is_dir() else []
_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED or read_flag("MOTCUA_COLLECTING", default=False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _COLLECTED
MEDIA_ROOT = VAR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
_IS_HTTPS = read_flag("MOTCUA_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_HTTPS else None
# Rate limits go by who asked the server in front, which says so (deploy/nginx.conf); where there is
# none, what a caller says of themselves is not believed.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
