"""One of everything that an address can name, and the client of each person who may ask for it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.addresses import ROWS, Row
from tests.factories import NOW, TODAY, make_member, make_plan, make_template, slow_taper
from tests.services.acts import imported_history
from titration.domain.record import IntakeKind
from titration.models import Flag, Membership, Patient
from titration.services.conditions import record_condition
from titration.services.drafts import IntakeDraft
from titration.services.intake import record_intake
from titration.services.people import invitation_token, invite
from titration.services.reviews import plan_review
from titration.services.week_papers import ask_for_week


@dataclass(frozen=True, slots=True)
class House:
    """Everything an address can name, and the client of each person."""

    ids: dict[str, Any]
    reader: Client
    stranger: Client
    visitor: Client

    def address(self, name: str, **other: Any) -> str:
        return reverse(name, kwargs={each: {**self.ids, **other}[each] for each in ROWS[name].ids})


@pytest.fixture
def house(
    alice: Membership, bob: Membership, charlie: Membership, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> House:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    plan = make_plan(alice, patient, slow_taper())
    condition = record_condition(actor=alice, patient=patient, code="stroke", now=NOW)
    report = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=TODAY - timedelta(days=1))
    entry = record_intake(actor=alice, patient=patient, report=report, now=NOW)
    step = plan.steps.order_by("number").first()
    assert step is not None
    ids = {
        "patient_id": patient.public_id,
        "plan_id": plan.public_id,
        "step_id": step.public_id,
        "fact_id": condition.public_id,
        "kind": "intake",
        "entry_id": entry.public_id,
        "flag_id": Flag.objects.get(patient=patient, code="W1").public_id,
        "code": "W1",
        "import_id": imported_history(alice, patient).public_id,
        "review_id": plan_review(actor=alice, patient=patient, due_on=TODAY, now=NOW).public_id,
        "template_id": make_template(alice).template_id,
        **door_ids(alice),
        "paper_id": ask_for_week(actor=charlie, today=TODAY, now=NOW).public_id,
        "variant": "steps",
        "suffix": "csv",
    }
    return House(ids, signed_in(bob), signed_in(charlie), Client())


def door_ids(member: Membership) -> dict[str, Any]:
    """What stands in the addresses of people, invitations and passwords."""
    invitation = invite(
        actor=Membership(user=member.user, clinic=member.clinic, role="nurse", is_clinic_admin=True),
        email="new@clinic.example", role="nurse", is_clinic_admin=False, now=NOW,
    )  # fmt: skip
    return {
        "token": invitation_token(invitation),
        "invitation_id": invitation.public_id,
        "member_id": make_member(member.clinic, "nurse").public_id,
        "kept_id": uuid4(),
        "uidb36": "1",
        "key": "no-such-key",
        "pk": 1,
    }


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend="titration.membership.MembershipBackend")
    return client


def send(client: Client, method: str, address: str) -> Any:
    return client.generic(method, address, HTTP_USER_AGENT="matrix")


def expected(row: Row, method: str) -> int:
    return row.post if method == "POST" else row.get
