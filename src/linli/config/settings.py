"""Settings (设置): what differs between deployments comes from the environment (docs/reference/settings.md)."""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict


def _database(url: str) -> dict[str, Any]:
    parts = conninfo_to_dict(url)
    options = {k: v for k, v in parts.items() if k not in {"dbname", "user", "password", "host", "port"}}
    if not TESTING:
        options["pool"] = {"min_size": 1, "max_size": 12, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "OPTIONS": options,
    }


TESTING = "pytest" in sys.modules
LINLI_DEMO = os.environ.get("LINLI_DEMO") == "1"
LINLI_HOME = Path(os.environ.get("LINLI_HOME", ".linli"))
LINLI_WEB_URL = os.environ.get("LINLI_WEB_URL", "http://127.0.0.1:8000")
LINLI_LIVE_URL = os.environ.get("LINLI_LIVE_URL", "http://127.0.0.1:8001")
LINLI_PARTS = ["alerts", "audit", "ingest", "live", "nats", "notices", "timers", "worker"]
LINLI_AUDIT_DIGEST = os.environ.get("LINLI_AUDIT_DIGEST") or "sha256"
LINLI_SMTP_HOST = os.environ.get("LINLI_SMTP_HOST", "")
LINLI_SMTP_PORT = int(os.environ.get("LINLI_SMTP_PORT") or 587)
LINLI_SMTP_USER = os.environ.get("LINLI_SMTP_USER", "")
LINLI_SMTP_PASSWORD = os.environ.get("LINLI_SMTP_PASSWORD", "")
LINLI_SMTP_TLS = os.environ.get("LINLI_SMTP_TLS") or "starttls"
LINLI_SMTP_FROM = os.environ.get("LINLI_SMTP_FROM", "")
LINLI_SMS_ADAPTER = os.environ.get("LINLI_SMS_ADAPTER", "file" if LINLI_DEMO else "")
LINLI_WEBHOOK_PORTS = os.environ.get("LINLI_WEBHOOK_PORTS") or "80,443"
LINLI_WEBHOOK_NETWORKS = os.environ.get("LINLI_WEBHOOK_NETWORKS", "")
LINLI_NOTICES_PER_MINUTE = int(os.environ.get("LINLI_NOTICES_PER_MINUTE") or 300)
LINLI_CONTACT_DAYS = int(os.environ.get("LINLI_CONTACT_DAYS") or 30)
SECRET_KEY = os.environ.get("LINLI_SECRET_KEY", "" if "DATABASE_URL" in os.environ else "no database, no secrets")

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver", urlsplit(LINLI_WEB_URL).hostname or ""]
ALLOWED_HOSTS += [host for host in os.environ.get("LINLI_HOSTS", "").split(",") if host]
CSRF_TRUSTED_ORIGINS = [LINLI_WEB_URL]

ROOMS = ["audit", "outbox", "files", "calendar", "metrics", "changes", "web", "areas", "organisations", "accounts",
         "places", "assets", "people", "sensing", "notices", "cases", "service_record", "alerts", "command"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "ninja",
    "procrastinate.contrib.django",
    *(f"linli.{room}" for room in ROOMS),
    "linli.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "linli.config.forwarded.forwarded",
    "linli.config.headers.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "linli.config.middleware.Limits",
    "linli.config.middleware.Acting",
]
ROOT_URLCONF = "linli.config.urls"
WSGI_APPLICATION = "linli.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csrf",
                "linli.config.middleware.page_context",
                "linli.notices.pages.inbox.context",
            ]
        },
    }
]

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///linli"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["linli.config.passwords.Argon2"]
LOGIN_URL = "sign-in"
TLS = LINLI_WEB_URL.startswith("https:")
_OURS = "__Host-" if TLS else ""  # a browser then takes the cookie only from this host, over TLS, for every path
SESSION_ENGINE = "linli.accounts.models.session"
SESSION_COOKIE_NAME = f"{_OURS}linli_session"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = TLS
CSRF_COOKIE_NAME = f"{_OURS}linli_csrf"
LINLI_KNOWN_COOKIE = f"{_OURS}linli_known"
LINLI_IDLE_MINUTES = int(os.environ.get("LINLI_IDLE_MINUTES") or 30)
LINLI_PROXIES = [net for net in os.environ.get("LINLI_PROXIES", "").replace(" ", "").split(",") if net]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 86400 if TLS else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 5

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "linli_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("LINLI_TIME_ZONE") or "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/linli/assets/"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"procrastinate": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": "WARNING" if TESTING else "INFO"},
}
