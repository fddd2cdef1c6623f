"""The cache that all workers share: throttles, used codes and forms kept for whoever was signed out.

Django's table makes room by deleting values that still count, as soon as it holds 300 of them: whoever asked for enough
new passwords would wipe out the count of wrong codes. Here only what has ended makes room.
"""

from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections

from titration.models.sessions import CACHE_TABLE


class SharedValues(DatabaseCache):
    """Django's database cache; a value stands for as long as it was given."""

    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:  # noqa: ARG002 - Django's own arguments
        ops = connections[db].ops
        table, expires = ops.quote_name(CACHE_TABLE), ops.quote_name("expires")
        cursor.execute(f"DELETE FROM {table} WHERE {expires} < %s", [ops.adapt_datetimefield_value(now)])  # noqa: S608 - our own table
