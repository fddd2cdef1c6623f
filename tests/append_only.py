"""Emptying a database that refuses it.

Tests with real transactions end by a flush, which the append-only triggers would stop.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import TransactionTestCase

triggers = import_module("titration.migrations.0015_treatment_changes")
_tear_down = TransactionTestCase._fixture_teardown


@contextmanager
def triggers_lifted() -> Iterator[None]:
    _execute(triggers.reversals(connection.vendor))
    try:
        yield
    finally:
        _execute(triggers.statements(apps, connection.vendor))


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def _flush_without_triggers(self: Any) -> None:
    with triggers_lifted():
        _tear_down(self)


def let_flushes_through() -> None:
    TransactionTestCase._fixture_teardown = _flush_without_triggers
