"""What `check --deploy` refuses.

Settings already stop a production start on these; the checks say so again where settings were bypassed.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from titration.environment import secret_weakness

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


def _hosts_are_open() -> bool:
    return not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS
