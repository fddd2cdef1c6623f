"""Pages are asked for on one day: Friday 13 November 2026, 09:41 in London."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.factories import NOW, TODAY, make_plan
from tests.views.plan_acts import taper
from titration.models import Membership, Patient, Plan
from titration.services.plans import sign_plan


class FormClient(Client):
    """Sends what is typed as a form of our pages does: with a key of its own, unless the test says which."""

    def post(self, path: str, data: Any = None, *args: Any, **more: Any) -> Any:
        typed = {"key": str(uuid4()), **(data or {})} if data is None or isinstance(data, dict) else data
        return super().post(path, typed, *args, **more)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's clock stands still; the clock is no code of ours."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def as_member(clock: None) -> Callable[[Membership], Client]:
    def sign_in(member: Membership) -> Client:
        client = FormClient()
        client.force_login(member.user, backend="titration.membership.MembershipBackend")
        return client

    return sign_in


@pytest.fixture
def draft(alice: Membership, patient: Patient) -> Plan:
    return make_plan(alice, patient, taper())


@pytest.fixture
def running(alice: Membership, draft: Plan) -> Plan:
    """Begins today, so that a step is under way."""
    plan = make_plan(alice, draft.patient, taper(TODAY))
    return sign_plan(actor=alice, plan=plan, state_version=plan.state_version, now=NOW)
