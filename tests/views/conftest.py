"""Pages are asked for on one day: Friday 13 November 2026, 09:41 in London."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import NOW
from titration.models import Membership


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's clock stands still; the clock is no code of ours."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def as_member(clock: None) -> Callable[[Membership], Client]:
    def sign_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="titration.membership.MembershipBackend")
        return client

    return sign_in
