"""Django's settings, derived from Octavo's; nothing here is set by hand."""

from __future__ import annotations

from pathlib import Path

from octavo import settings as octavo_settings
from octavo.services import logs
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
    "allauth",
    "allauth.account",
    "axes",
    "octavo.store",
]

MIDDLEWARE = [
    "octavo.web.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "octavo.web.middleware.SafetyHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "octavo.web.page_cache.PageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "octavo.web.middleware.ReaderLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["octavo.web.tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "octavo.web.context.site",
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

# The files of Django's admin and of applications, served out of their packages; the site's own are in web/assets.py.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OCTAVO.https
CSRF_FAILURE_VIEW = "octavo.web.views.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"
# Other sites learn nothing. "no-referrer" would also blank the Origin of our own forms, and then Chromium cannot send any.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if OCTAVO.https else 0

# Accounts: a name and a password. Names are told apart without regard to case; wrong passwords lock after a few.
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "octavo.web.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "locked_out.html"
AXES_VERBOSE = False
# Who signed in when, from where, is nobody's business: only failures are counted.
AXES_DISABLE_ACCESS_LOG = True

LOGGING = logs.configuration(OCTAVO.log_format, OCTAVO.log_level)
