"""Addresses of lists: a route's pattern is looked up once, and each row puts its ids in.

For routes whose arguments are ids alone, which need no quoting.
"""

from functools import cache
from uuid import UUID

from django.urls import reverse


def address(route: str, *ids: UUID | str) -> str:
    """As `reverse` says it, much quicker: a list has a hundred of them."""
    return _pattern(route, len(ids)).format(*ids)


@cache
def _pattern(route: str, ids: int) -> str:
    stand_ins = [UUID(int=number) for number in range(ids)]
    pattern = reverse(route, args=stand_ins)
    for stand_in in stand_ins:
        pattern = pattern.replace(str(stand_in), "{}")
    return pattern
