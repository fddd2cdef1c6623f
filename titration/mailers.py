"""A mail address becomes Django's MAILERS entry: SMTP as TITRATION_MAIL_URL names it, else the terminal."""

from typing import Any
from urllib.parse import unquote, urlsplit

from titration.environment import ConfigurationError

TIMEOUT_SECONDS = 10
PORTS = {"smtp": 587, "smtps": 465}


def mailer_settings(url: str) -> dict[str, Any]:
    """`smtp://USER:PASSWORD@HOST:587` speaks STARTTLS, `smtps://` TLS from the start; empty prints to the terminal."""
    if not url:
        return {"BACKEND": "titration.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ConfigurationError("TITRATION_MAIL_URL must be smtp://USER:PASSWORD@HOST:PORT or smtps://...")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": unquote(parts.hostname),
            "port": parts.port or PORTS[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp",
            "use_ssl": parts.scheme == "smtps",
            "timeout": TIMEOUT_SECONDS,
        },
    }
