"""What happens whenever a process opens the database: the record's files are closed to other users."""

from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from titration.private_files import close_record


@receiver(connection_created)
def keep_private(*, connection: Any, **_: Any) -> None:
    close_record(connection=connection, var=settings.VAR_DIR)
