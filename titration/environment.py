"""The deployment's choices, read once from TITRATION_ variables into one typed value.

There are three modes: development (TITRATION_DEBUG), demo (TITRATION_DEMO) and, when neither is asked for, production.
Production gets no default that could weaken it; the demo brings its own key, hosts and database and refuses to start
where production has been configured.
"""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from titration.private_files import FOLDER_MODE

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
SHORTEST_SECRET = 50
SHORTEST_PROBE_TOKEN = 24
FEWEST_DISTINCT_CHARACTERS = 10
PRODUCTION_NAMES = ("TITRATION_SECRET_KEY", "TITRATION_ALLOWED_HOSTS", "TITRATION_DATABASE_URL")
FLAGS = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}
ASSETS = ("cdn", "local")


class ConfigurationError(Exception):
    """The environment cannot be run; the sentence says which variable to change."""


class Mode(StrEnum):
    DEVELOPMENT = "development"
    DEMO = "demo"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    mode: Mode
    secret_key: str
    allowed_hosts: tuple[str, ...]
    csrf_trusted_origins: tuple[str, ...]
    database_url: str
    assets: str
    behind_proxy: bool
    probe_token: str
    second_factor: bool
    old_secret_keys: tuple[str, ...]
    mail_url: str
    mail_from: str


def read_environment(variables: Mapping[str, str], *, var: Path) -> Environment:
    """The typed choices in `variables`, or ConfigurationError; `var` is the folder for what this installation keeps."""
    mode = _mode(variables)
    return Environment(
        mode=mode,
        secret_key=_secret_key(variables, mode=mode, var=var),
        allowed_hosts=_allowed_hosts(variables, mode),
        csrf_trusted_origins=_words(variables, "TITRATION_CSRF_TRUSTED_ORIGINS"),
        database_url=variables.get("TITRATION_DATABASE_URL") or f"sqlite:///{var / _database_file(mode)}",
        assets=_choice(variables, "TITRATION_ASSETS", ASSETS),
        behind_proxy=_flag(variables, "TITRATION_BEHIND_PROXY"),
        probe_token=_probe_token(variables),
        second_factor=mode is Mode.PRODUCTION or _flag(variables, "TITRATION_SECOND_FACTOR"),
        old_secret_keys=_words(variables, "TITRATION_OLD_SECRET_KEYS"),
        mail_url=variables.get("TITRATION_MAIL_URL", ""),
        mail_from=variables.get("TITRATION_MAIL_FROM") or "titration@localhost",
    )


def secret_weakness(secret_key: str) -> str | None:
    """Why this key may not sign a production session, or None."""
    if len(secret_key) < SHORTEST_SECRET:
        return f"it is shorter than {SHORTEST_SECRET} characters"
    if len(set(secret_key)) < FEWEST_DISTINCT_CHARACTERS:
        return f"it has fewer than {FEWEST_DISTINCT_CHARACTERS} different characters"
    if secret_key.startswith("django-insecure-"):
        return "it is Django's example key"
    return None


def _mode(variables: Mapping[str, str]) -> Mode:
    debug, demo = _flag(variables, "TITRATION_DEBUG"), _flag(variables, "TITRATION_DEMO")
    if debug and demo:
        raise ConfigurationError("TITRATION_DEBUG and TITRATION_DEMO exclude each other: unset one of them.")
    if demo:
        _refuse_demo_in_production(variables)
        return Mode.DEMO
    return Mode.DEVELOPMENT if debug else Mode.PRODUCTION


def _refuse_demo_in_production(variables: Mapping[str, str]) -> None:
    found = [name for name in PRODUCTION_NAMES if variables.get(name)]
    if found:
        raise ConfigurationError(
            f"The demo never runs as production, and {', '.join(found)} is set here. "
            "Unset it to run the demo, or unset TITRATION_DEMO to run production."
        )


def _secret_key(variables: Mapping[str, str], *, mode: Mode, var: Path) -> str:
    given = variables.get("TITRATION_SECRET_KEY", "")
    if mode is not Mode.PRODUCTION:
        return given or _own_secret(var / f"{mode}-secret-key")
    if not given:
        raise ConfigurationError(
            "TITRATION_SECRET_KEY is missing. Production needs one of at least 50 random characters; "
            "set TITRATION_DEBUG=1 for development or TITRATION_DEMO=1 for the demo."
        )
    if weakness := secret_weakness(given):
        raise ConfigurationError(f"TITRATION_SECRET_KEY is too weak for production: {weakness}.")
    return given


def _own_secret(file: Path) -> str:
    """A random key of this checkout alone, kept so that sessions outlive a restart; two first starts agree on one."""
    if not file.exists():
        file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(descriptor, "w") as new:
            new.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        Path(draft).unlink()
    return file.read_text()


def _probe_token(variables: Mapping[str, str]) -> str:
    given = variables.get("TITRATION_PROBE_TOKEN", "")
    if given and len(given) < SHORTEST_PROBE_TOKEN:
        raise ConfigurationError(f"TITRATION_PROBE_TOKEN must have at least {SHORTEST_PROBE_TOKEN} random characters.")
    return given


def _allowed_hosts(variables: Mapping[str, str], mode: Mode) -> tuple[str, ...]:
    given = _words(variables, "TITRATION_ALLOWED_HOSTS")
    if mode is not Mode.PRODUCTION:
        return given or LOOPBACK_HOSTS
    if not given or "*" in given:
        raise ConfigurationError(
            "TITRATION_ALLOWED_HOSTS is missing or names every host. List the host names this site answers to, "
            "separated by commas."
        )
    return given


def _database_file(mode: Mode) -> str:
    return "demo.sqlite3" if mode is Mode.DEMO else "titration.sqlite3"


def _words(variables: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in variables.get(name, "").split(",") if word.strip())


def _flag(variables: Mapping[str, str], name: str) -> bool:
    given = variables.get(name, "").strip().lower()
    if given not in FLAGS:
        raise ConfigurationError(f"{name} must be 1 or 0.")
    return FLAGS[given]


def _choice(variables: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    given = variables.get(name) or choices[0]
    if given not in choices:
        raise ConfigurationError(f"{name} must be one of: {', '.join(choices)}.")
    return given
