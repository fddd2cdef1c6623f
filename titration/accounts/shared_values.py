"""The cache that all workers share: throttles, used codes and forms kept for whoever was signed out.

Django's table makes room by deleting values that still count, as soon as it holds 300 of them: whoever asked for enough
new passwords would wipe out the count of wrong codes. Here only what has ended makes room.
"""

from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections


class SharedValues(DatabaseCache):
    """Django's database cache; a value stands for as long as it was given."""

    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:  # noqa: ARG002 - Django's own arguments
        ops = connections[db].ops
        cursor.execute(
            f"DELETE FROM {ops.quote_name(self._table)} WHERE {ops.quote_name('expires')} < %s",  # noqa: S608 - our own table
            [ops.adapt_datetimefield_value(now)],
        )
