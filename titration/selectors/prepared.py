"""Queries whose SQL is written once: pages ask many small ones, and Django takes far longer to write them than the
database to answer.

Only the SQL is kept, never a row. Numbers and dates that change from call to call stand in it as slots. Rows are tuples
of the columns that `values_list` names, converted as Django converts them.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import batched, islice, repeat
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

type Asked = int | date | UUID

KEYS_AT_ONCE = 50
_FIRST_NUMBER = -7_424_242


def _slot(place: int, value: Asked) -> Asked:
    """What stands for the value: a key that no row has, a day before all others; another one in each place."""
    if isinstance(value, UUID):
        return UUID(int=place)
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
    """As a parameter: SQLite knows dates and ids as text."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


type _Kept = WeakKeyDictionary[Prepared, dict[int, _Written]]


def _kept_on(connection: BaseDatabaseWrapper) -> _Kept:
    """Compiler and converters hold their connection, and each thread has its own: kept on it, they end with it."""
    kept: _Kept = vars(connection).setdefault("titration_prepared", WeakKeyDictionary())
    return kept


class Prepared:
    """`query` makes the query for some numbers and dates. It is asked once for each count of them and each connection,
    with slots in their place.
    """

    def __init__(self, query: Callable[..., QuerySet[Any, Any]]) -> None:
        self._query = query

    def __call__(self, *values: Asked) -> Iterator[tuple[Any, ...]]:
        connection = connections[DEFAULT_DB_ALIAS]
        by_count = _kept_on(connection).setdefault(self, {})
        if len(values) not in by_count:
            slots = [_slot(place, value) for place, value in enumerate(values)]
            by_count[len(values)] = _Written(self._query(*slots), connection, slots)
        return by_count[len(values)].rows(values)

    def of(self, keys: Iterable[int], *values: Asked) -> Iterator[tuple[Any, ...]]:
        """The values, then some keys, fifty a query: the last is repeated, so that any number has the same SQL."""
        for some in batched(keys, KEYS_AT_ONCE):
            yield from self(*values, *some, *repeat(some[-1], KEYS_AT_ONCE - len(some)))


class PreparedRow[Row: Model]:
    """The first row whole, with the rows that it names, as `select_related` reads them. related: their models by path,
    each after the one that names it.
    """

    def __init__(self, query: Callable[..., QuerySet[Row]], model: type[Row], **related: type[Model]) -> None:
        self._parts: dict[str, type[Model]] = {"": model, **related}
        columns = [f"{path}__{name}" if path else name for path, model in self._parts.items() for name in _names(model)]
        self._prepared = Prepared(lambda *values: query(*values).values_list(*columns)[:1])

    def __call__(self, *values: Asked) -> Row | None:
        columns = iter(next(self._prepared(*values), ()))
        made: dict[str, Any] = {}
        for path, model in self._parts.items():
            names = _names(model)
            made[path] = _made(model, names, list(islice(columns, len(names))))
            owner, _, name = path.rpartition("__")
            if path and made[owner] is not None:
                setattr(made[owner], name, made[path])
        row: Row | None = made[""]
        return row


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _made(model: type[Model], names: list[str], columns: list[Any]) -> Model | None:
    is_there = any(value is not None for value in columns)
    return model.from_db(DEFAULT_DB_ALIAS, names, columns) if is_there else None
