"""A database address becomes Django's DATABASES entry.

SQLite is the embedded default and PostgreSQL the real deployment; there is no third.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from titration.environment import ConfigurationError

# recursive_triggers keeps append-only triggers awake under INSERT OR REPLACE. tests/test_settings.py reads them back.
SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
)

# A server that is gone without a word is found out in seconds, not in the system's minutes.
POSTGRESQL_OPTIONS = {"connect_timeout": "5", "tcp_user_timeout": "15000"}


def database_settings(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST:PORT/NAME?option=value`."""
    parts = urlsplit(url)
    if parts.scheme not in _ENGINES:
        raise ConfigurationError("TITRATION_DATABASE_URL must start with sqlite:/// or postgresql://.")
    return _ENGINES[parts.scheme](parts)


def _sqlite(parts: SplitResult) -> dict[str, Any]:
    file = unquote(parts.path).removeprefix("/")
    if parts.netloc or not file:
        raise ConfigurationError(
            "TITRATION_DATABASE_URL for SQLite must be sqlite:///relative/path or sqlite:////absolute/path."
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "; ".join(SQLITE_PRAGMAS)},
    }


def _postgresql(parts: SplitResult) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path).removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": POSTGRESQL_OPTIONS | dict(parse_qsl(parts.query)),
    }


_ENGINES: dict[str, Callable[[SplitResult], dict[str, Any]]] = {
    "sqlite": _sqlite,
    "postgres": _postgresql,
    "postgresql": _postgresql,
}
