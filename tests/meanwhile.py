"""Somebody else's act between two reads of one answer: just before any one of its queries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.db import connection, transaction


@contextmanager
def before_query(place: int, act: Callable[[], Any]) -> Iterator[list[str]]:
    """Acts before the query at that place, and gives the queries seen, with the act's own."""
    seen: list[str] = []

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        if len(seen) == place + 1:
            act()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        yield seen


def at_any_moment[Answer](answer: Callable[[], Answer], act: Callable[[], Any]) -> Iterator[Answer]:
    """The answers where the act comes before the first query, the second, and so on, each undone again."""
    for place in count():
        with transaction.atomic():
            with before_query(place, act) as seen:
                given = answer()
            transaction.set_rollback(True)
        if len(seen) <= place:
            return
        yield given
