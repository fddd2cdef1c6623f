"""Queries whose SQL is written once: pages ask many small ones, and Django takes far longer to write them than the
database to answer.

Only the SQL is kept, never a row. Numbers and dates that change from call to call stand in it as slots. Rows are tuples
of the columns that `values_list` names, converted as Django converts them.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import batched, repeat
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

type Asked = int | date

KEYS_AT_ONCE = 50
_FIRST_NUMBER = -7_424_242


def _slot(place: int, value: Asked) -> Asked:
    """What stands for the value: a key that no row has, a day before all others; another one in each place."""
    return date.min + timedelta(days=place) if isinstance(value, date) else _FIRST_NUMBER - place


class _Written:
    """One query as the compiler of one connection wrote it."""

    def __init__(self, rows: QuerySet[Any, Any], connection: BaseDatabaseWrapper, slots: list[Asked]) -> None:
        self._compiler = rows.query.get_compiler(connection=connection)
        self._sql, self._params = self._compiler.as_sql()
        self._slots = [_adapted(slot, connection) for slot in slots]
        columns = [column for column, _, _ in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)

    def rows(self, values: tuple[Asked, ...]) -> Iterator[tuple[Any, ...]]:
        connection = self._compiler.connection
        wanted = dict(zip(self._slots, (_adapted(value, connection) for value in values), strict=True))
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [wanted.get(param, param) for param in self._params])
            found = cursor.fetchall()
        return map(tuple, self._compiler.apply_converters(found, self._converters))


def _adapted(value: Asked, connection: BaseDatabaseWrapper) -> Any:
    """As a parameter: SQLite knows dates as text."""
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


class Prepared:
    """`query` makes the query for some numbers and dates. It is asked once for each count of them and each connection,
    with slots in their place.
    """

    def __init__(self, query: Callable[..., QuerySet[Any, Any]]) -> None:
        self._query = query
        # Compiler and converters belong to a connection, and each thread has its own.
        self._written: WeakKeyDictionary[BaseDatabaseWrapper, dict[int, _Written]] = WeakKeyDictionary()

    def __call__(self, *values: Asked) -> Iterator[tuple[Any, ...]]:
        connection = connections[DEFAULT_DB_ALIAS]
        by_count = self._written.setdefault(connection, {})
        if len(values) not in by_count:
            slots = [_slot(place, value) for place, value in enumerate(values)]
            by_count[len(values)] = _Written(self._query(*slots), connection, slots)
        return by_count[len(values)].rows(values)

    def of(self, keys: Iterable[int], *values: Asked) -> Iterator[tuple[Any, ...]]:
        """The values, then some keys, fifty a query: the last is repeated, so that any number has the same SQL."""
        for some in batched(keys, KEYS_AT_ONCE):
            yield from self(*values, *some, *repeat(some[-1], KEYS_AT_ONCE - len(some)))
