"""Django's settings, made from one typed Environment.

Whatever a deployment may choose is in environment.py; the rest is decided here.
"""

import os
from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP

from titration.assets import ASSETS
from titration.databases import database_settings
from titration.environment import Mode, read_environment
from titration.mailers import mailer_settings
from titration.private_files import create_for_this_user_alone

create_for_this_user_alone()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

_environment = read_environment(os.environ, var=VAR_DIR)
PRODUCTION = _environment.mode is Mode.PRODUCTION
DEMO = _environment.mode is Mode.DEMO
DEBUG = _environment.mode is Mode.DEVELOPMENT
SECRET_KEY = _environment.secret_key
ALLOWED_HOSTS = list(_environment.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(_environment.csrf_trusted_origins)
TITRATION_ASSETS = _environment.assets
PROBE_TOKEN = _environment.probe_token

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "titration",
]

# What stands before WhiteNoise also covers static files; what stands first also covers errors made by the rest.
MIDDLEWARE = [
    "titration.metrics.MeasureMiddleware",
    "titration.middleware.FixedHeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "titration.odd_requests.OwnPagesMiddleware",
    "titration.middleware.KnownMethodsMiddleware",
    "titration.middleware.BodySizeMiddleware",
    "titration.doorway.busy.BusyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "titration.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "titration.odd_requests.OnceEachMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "titration.membership.MembershipMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "titration.sessions.SessionTimeoutMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "titration.middleware.SignInRequiredMiddleware",
    "titration.accounts.second_factor.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
    "titration.access.AccessMiddleware",
]

ROOT_URLCONF = "titration.urls"
WSGI_APPLICATION = "titration.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "titration.views.notices.of_the_clock",
            ],
        },
    },
]

FORM_RENDERER = "titration.forms.rendering.PlainControls"

DATABASES = {"default": database_settings(_environment.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Used codes and counters of sign-in must be seen by every worker.
CACHES = {
    "default": {"BACKEND": "titration.accounts.shared_values.SharedValues", "LOCATION": "titration_sharedvalue"},
}

LANGUAGE_CODE = "en-gb"
USE_I18N = False
LOCALE_PATHS = [BASE_DIR / "titration" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# People and sessions
AUTH_USER_MODEL = "titration.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "titration.membership.MembershipBackend"]
PASSWORD_HASHERS = [
    "titration.hashers.TunedArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign_in"
SESSION_ENGINE = "titration.sessions"
SESSION_LIFETIME = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=20)
SESSION_COOKIE_AGE = int(SESSION_LIFETIME.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Second factor, invitations and password reset. People are invited; nobody signs up.
SECOND_FACTOR_REQUIRED = _environment.second_factor
SECRET_KEY_FALLBACKS = list(_environment.old_secret_keys)
ACCOUNT_ADAPTER = "titration.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
# Wrong codes by person, never by address alone: a clinic has one. Passwords are throttled by axes, below.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",
    "reset_password": None,
    "reset_password_from_key": None,
}
# Nobody signs up: an address is proven by the mail that invites. So allauth's own table of addresses, into which its
# tokens would write at anybody's asking, is neither written nor read.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a class
PASSWORD_RESET_TIMEOUT = int(timedelta(days=1).total_seconds())
ACCOUNT_FORMS = {
    "login": "titration.forms.sign_in.SignInForm",
    "change_password": "titration.forms.sign_in.NewPassword",
    "reset_password": "titration.forms.sign_in.AskForReset",
    "reset_password_from_key": "titration.forms.sign_in.ResetPassword",
    "reauthenticate": "titration.forms.sign_in.PasswordAgain",
}
MFA_ADAPTER = "titration.accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_FORMS = {
    "authenticate": "titration.forms.sign_in.CodeForm",
    "reauthenticate": "titration.forms.sign_in.CodeAgainForm",
    "activate_totp": "titration.forms.sign_in.NewAppForm",
    "authenticate_webauthn": "titration.forms.sign_in.PasskeyForm",
    "reauthenticate_webauthn": "titration.forms.sign_in.PasskeyAgainForm",
}

# How far the clocks of servers may differ before entries are refused.
CLOCK_TOLERANCE: timedelta | None = timedelta(seconds=60)

# Wrong passwords: ten for one person from one address, then a quarter of an hour.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "titration.accounts.lockout.typed_email"
AXES_CLIENT_IP_CALLABLE = "titration.accounts.lockout.peer"
AXES_LOCKOUT_CALLABLE = "titration.accounts.lockout.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_SENSITIVE_PARAMETERS = ["csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Mail. Without a server it is written to the log of development and the demo.
MAILERS = {"default": mailer_settings(_environment.mail_url)}
DEFAULT_FROM_EMAIL = _environment.mail_from

# Requests
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# An uploaded history is held in memory and never in a temporary file; the middleware refuses more than this.
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_500_000

# Headers
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
# A probe asks the server itself, past the proxy that ends TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _environment.behind_proxy else None
CDN_SCRIPTS = [asset.cdn_url for asset in ASSETS.values()] if TITRATION_ASSETS == "cdn" else []
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, *CDN_SCRIPTS],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Static files hold no record: whoever runs the server may be another user than who collected them.
FILE_UPLOAD_PERMISSIONS = 0o644
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "titration.static_files.HashedModules"
    },
}

# Logs name a request's route and an error's class, never a path, a body or an error's text; a server's are JSON.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"route_name": {"()": "titration.logs.RouteNameFilter"}},
    "formatters": {
        "line": {
            "()": "titration.logs.NamelessFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"()": "titration.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["route_name"],
            "formatter": "line" if DEBUG else "json",
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Its lines hold what was typed as an address; the audit says what happened.
        "axes": {"level": "CRITICAL"},
    },
}
