"""The addresses of a list's rows are those that the routes say."""

from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, reverse

from titration.views.addresses import address


@pytest.mark.parametrize(
    ("route", "ids"),
    [("worklist", 0), ("patient", 1), ("supply", 1), ("flag", 2), ("plan", 2), ("plan_step_confirm", 3)],
)
def test_an_address_is_the_route_s_own(route: str, ids: int) -> None:
    for _ in range(2):
        asked = [uuid4() for _ in range(ids)]
        assert address(route, *asked) == reverse(route, args=asked)
        assert address(route, *map(str, asked)) == reverse(route, args=asked)


def test_an_unknown_route_is_an_error() -> None:
    with pytest.raises(NoReverseMatch):
        address("nowhere", uuid4())
