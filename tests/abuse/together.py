"""Several people at the same moment, each in a thread with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from titration.domain.errors import DomainError

PATIENCE_SECONDS = 60


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act returned, or the refusal it was given; any other error is raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(PATIENCE_SECONDS)
            return act()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(run, acts))


def done(results: Sequence[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, DomainError)]
