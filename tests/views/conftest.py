"""Pages are asked for on one day: Friday 13 November 2026, 09:41 in London."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import NOW, TODAY, make_plan
from tests.views.plan_acts import taper
from titration.models import Membership, Patient, Plan
from titration.services.plans import sign_plan


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


@pytest.fixture
def draft(alice: Membership, patient: Patient) -> Plan:
    return make_plan(alice, patient, taper())


@pytest.fixture
def running(alice: Membership, draft: Plan) -> Plan:
    """Begins today, so that a step is under way."""
    plan = make_plan(alice, draft.patient, taper(TODAY))
    return sign_plan(actor=alice, plan=plan, state_version=plan.state_version, now=NOW)
