"""Production never serves people of the demo: everybody knows their password.

It does not start where they are in its database. Where the database cannot say so in time it starts all the same: a
record that cannot be reached is told on every page. `/readyz` asks again, and whoever of them comes is refused.
"""

import logging
import threading
from typing import Any

from django.conf import settings
from django.db import Error, connection

from titration.demo.sign_in import DEMO_EMAIL
from titration.environment import ConfigurationError

SECONDS_TO_ANSWER = 2.0
FOUND = (
    "People of the demo are in this database: everybody knows their password. Production does not start on it. "
    "Point TITRATION_DATABASE_URL at the clinic's own database."
)
_DOMAIN = DEMO_EMAIL.partition("@")[2]

logger = logging.getLogger(__name__)


def is_of_the_demo(email: str) -> bool:
    return email.lower().endswith(f"@{_DOMAIN}")


def are_there() -> bool:
    """Raises the database's error where it cannot be asked; a database without tables has nobody."""
    from titration.models import User

    if User._meta.db_table not in connection.introspection.table_names():
        return False
    return User.objects.filter(email__iendswith=f"@{_DOMAIN}").exists()


def refuse_to_start() -> None:
    """Raises ConfigurationError where they are there; returns after SECONDS_TO_ANSWER at the latest."""
    if not settings.PRODUCTION:
        return
    told: dict[str, Any] = {}
    asking = threading.Thread(target=_ask, args=(told,), name="demo people", daemon=True)
    asking.start()
    asking.join(SECONDS_TO_ANSWER)
    if told.get("are_there"):
        raise ConfigurationError(FOUND)
    if "are_there" not in told:
        logger.warning("The database did not say in time whether people of the demo are in it (%s).", told.get("why"))


def _ask(told: dict[str, Any]) -> None:
    """On a connection of its own thread."""
    try:
        told["are_there"] = are_there()
    except Error as trouble:
        told["why"] = type(trouble).__name__
    finally:
        connection.close()
