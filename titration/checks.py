"""What `check --deploy` refuses, and `collectstatic` where it concerns files.

Settings already stop a production start on these; the checks say so again where settings were bypassed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connection

from titration.assets import ASSETS, Asset
from titration.demo_people import FOUND, are_there
from titration.environment import secret_weakness
from titration.private_files import open_to_others

PROBLEMS: tuple[tuple[str, str, Callable[[], bool]], ...] = (
    ("titration.E001", "TITRATION_DEBUG is on: unset it in production.", lambda: settings.DEBUG),
    ("titration.E002", "TITRATION_DEMO is on: the demo never runs as production.", lambda: settings.DEMO),
    ("titration.E003", "TITRATION_SECRET_KEY is weak.", lambda: secret_weakness(settings.SECRET_KEY) is not None),
    ("titration.E004", "TITRATION_ALLOWED_HOSTS is empty or names every host.", lambda: _hosts_are_open()),
    (
        "titration.E005",
        "SECOND_FACTOR_REQUIRED is off: nobody sees a patient by a password alone.",
        lambda: not settings.SECOND_FACTOR_REQUIRED,
    ),
)


@register(Tags.security, deploy=True)
def check_production(**_: Any) -> list[CheckMessage]:
    return [Error(sentence, id=code) for code, sentence, stands in PROBLEMS if stands()]


@register(Tags.security, deploy=True)
def check_no_demo_people(**_: Any) -> list[CheckMessage]:
    """A database that the demo has filled is no clinic's. One that cannot be asked is told by who opens it first."""
    try:
        found = are_there()
    except OperationalError:
        return []
    return [Error(FOUND, id="titration.E006")] if found else []


@register(Tags.security, deploy=True)
def check_record_is_private(**_: Any) -> list[CheckMessage]:
    """Files of this user are closed whenever the record is opened; what remains open is somebody else's, or a folder
    that may serve other programs too.
    """
    return [_told_open(path) for path in open_to_others(connection)]


def _told_open(path: Path) -> CheckMessage:
    if path.is_dir():
        sentence = f"Other users of this machine can look into the folder of the database: chmod 700 {path}"
        return checks.Warning(sentence, id="titration.W002")
    return Error(f"Other users of this machine can open the database: chmod 600 {path}", id="titration.E007")


@register(Tags.security, deploy=True)
def check_mail_leaves(**_: Any) -> list[CheckMessage]:
    """The terminal of a server is its log, and a link to a new password is a secret."""
    if not settings.MAILERS["default"]["BACKEND"].endswith("console.EmailBackend"):
        return []
    sentence = "TITRATION_MAIL_URL is unset: invitations and links to new passwords are written to the server's log."
    return [checks.Warning(sentence, id="titration.W001")]


@register(Tags.staticfiles)
def check_local_copies(**_: Any) -> list[CheckMessage]:
    """Where scripts are served from here, the copy that is collected must be there and be the very file."""
    if settings.TITRATION_ASSETS != "local":
        return []
    return [Error(_lacks(asset), id="titration.E007") for asset in ASSETS.values() if not _has_copy(asset)]


def _has_copy(asset: Asset) -> bool:
    found = finders.find(asset.vendored_name)
    return found is not None and asset.is_intact(Path(found).read_bytes())


def _lacks(asset: Asset) -> str:
    return (
        f"TITRATION_ASSETS is local, and the copy of {asset.package} {asset.version} is missing or altered: "
        "run manage.py vendor_assets, then manage.py collectstatic."
    )


def _hosts_are_open() -> bool:
    return not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS
