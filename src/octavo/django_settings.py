"""Django's settings, derived from Octavo's; nothing here is set by hand."""

from __future__ import annotations

from pathlib import Path

from octavo import settings as octavo_settings
from octavo.services.keys import secret_key
from octavo.store import vendor

OCTAVO = octavo_settings.current()
PACKAGE = Path(__file__).resolve().parent

SECRET_KEY = secret_key(OCTAVO.data)
DEBUG = OCTAVO.debug
ALLOWED_HOSTS = list(OCTAVO.hosts)
ROOT_URLCONF = "octavo.web.urls"
WSGI_APPLICATION = "octavo.web.wsgi.application"
AUTH_USER_MODEL = "store.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": vendor.database_for(OCTAVO.database, OCTAVO.data)}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.admin",
    "django_htmx",
    "allauth",
    "allauth.account",
    "axes",
    "octavo.store",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

LANGUAGE_CODE = OCTAVO.language
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = OCTAVO.time_zone

STATIC_URL = "/static/"
STATIC_ROOT = OCTAVO.data / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OCTAVO.https
X_FRAME_OPTIONS = "DENY"
