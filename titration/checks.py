"""What `check --deploy` refuses.

Settings already stop a production start on these; the checks say so again where settings were bypassed.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connection

from titration.demo.sign_in import DEMO_EMAIL
from titration.environment import secret_weakness

DEMO_DOMAIN = DEMO_EMAIL.partition("@")[2]

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
    from titration.models import User

    try:
        is_there = User._meta.db_table in connection.introspection.table_names()
    except OperationalError:
        return []
    if not is_there or not User.objects.filter(email__endswith=f"@{DEMO_DOMAIN}").exists():
        return []
    return [Error("People of the demo are in this database: everybody knows their password.", id="titration.E006")]


@register(Tags.security, deploy=True)
def check_mail_leaves(**_: Any) -> list[CheckMessage]:
    """The terminal of a server is its log, and a link to a new password is a secret."""
    if not settings.MAILERS["default"]["BACKEND"].endswith("console.EmailBackend"):
        return []
    sentence = "TITRATION_MAIL_URL is unset: invitations and links to new passwords are written to the server's log."
    return [checks.Warning(sentence, id="titration.W001")]


def _hosts_are_open() -> bool:
    return not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS
