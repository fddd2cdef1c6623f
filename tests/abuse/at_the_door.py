"""Somebody who is signed in, and a clock that is moved by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.abuse.doors import give_password, is_in, with_password
from titration.models import Membership


@pytest.fixture
def moving_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Starts at the present second; moved by hand."""
    now = [timezone.now()]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now[0])

    def move(by: timedelta) -> None:
        now[0] += by

    return move


@pytest.fixture
def inside(alice: Membership, moving_clock: object) -> Client:
    client = Client()
    give_password(client, with_password(alice).user.email)
    assert is_in(client)
    return client
