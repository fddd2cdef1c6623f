"""Queries whose SQL is written once: a patient's file is many small queries, and Django takes far longer to write them
than the database to answer.

Only the SQL is kept, never a row. The number that changes from call to call stands in it as SLOT. Rows are tuples of
the columns that `values_list` names, converted as Django converts them.
"""

from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

SLOT = -7_424_242
"""Stands for the number that is asked for; no row has it as its key."""


class _Written:
    """One query as the compiler of one connection wrote it."""

    def __init__(self, rows: QuerySet[Any, Any], connection: BaseDatabaseWrapper) -> None:
        self._compiler = rows.query.get_compiler(connection=connection)
        self._sql, self._params = self._compiler.as_sql()
        columns = [column for column, _, _ in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)

    def rows(self, number: int) -> Iterator[tuple[Any, ...]]:
        params = [number if param == SLOT else param for param in self._params]
        with self._compiler.connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            found = cursor.fetchall()
        return map(tuple, self._compiler.apply_converters(found, self._converters))


class Prepared:
    """`query` makes the query for a number such as a patient's key. It is asked once a connection, with SLOT."""

    def __init__(self, query: Callable[[int], QuerySet[Any, Any]]) -> None:
        self._query = query
        # Compiler and converters belong to a connection, and each thread has its own.
        self._written: WeakKeyDictionary[BaseDatabaseWrapper, _Written] = WeakKeyDictionary()

    def __call__(self, number: int) -> Iterator[tuple[Any, ...]]:
        connection = connections[DEFAULT_DB_ALIAS]
        written = self._written.get(connection)
        if written is None:
            written = self._written[connection] = _Written(self._query(SLOT), connection)
        return written.rows(number)
