"""How SQLite learns how large its tables are: without it, the worklist walks through all patients for the few that are
flagged.

A sample of each index is enough and takes milliseconds. PostgreSQL counts by itself.
"""

from django.db import connection

_SAMPLED_ROWS = 1000


def count_tables() -> None:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={_SAMPLED_ROWS}")
        cursor.execute("ANALYZE")
