"""On a signed taper no page names a dose above the plan's as what clears a finding."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, regimen
from tests.services.acts import running_plan
from titration.domain.record import IntakeKind
from titration.models import Flag, Membership, Patient
from titration.services.drafts import IntakeDraft
from titration.services.flags import refresh_flags
from titration.services.intake import record_intake

SignIn = Callable[[Membership], Client]
ALONE = "The passing of time alone, on "
AGO = timedelta(days=12)
STEPS = [
    (TODAY - AGO, regimen(20, 10, 20)),
    (TODAY - timedelta(days=7), regimen(10, 10, 15)),
    (TODAY - timedelta(days=3), regimen(10, 5, 10)),
    (TODAY + timedelta(days=9), regimen(0, 0, 0)),
]
RAN_OUT = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=TODAY - timedelta(days=1))


@pytest.fixture
def at_25(alice: Membership, patient: Patient) -> Patient:
    """60 mg/day for long, a taper that has come to 25, and nothing taken since yesterday."""
    running_plan(alice, patient, STEPS, now=NOW - AGO)
    record_intake(actor=alice, patient=patient, report=RAN_OUT, now=NOW)
    return patient


def shown(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode().replace("\u00a0", " ")


def test_the_page_of_the_patient_says_time_alone(as_member: SignIn, alice: Membership, at_25: Patient) -> None:
    page = shown(as_member(alice), "patient", at_25.public_id)
    assert ALONE in page
    assert "A day with" not in page


def test_the_page_of_the_flag_says_so_too(as_member: SignIn, alice: Membership, at_25: Patient) -> None:
    flag = Flag.objects.get(patient=at_25, code="W1")
    page = shown(as_member(alice), "flag", at_25.public_id, flag.public_id)
    assert ALONE in page
    assert "A day with" not in page


def test_the_preview_of_a_dose_asks_for_no_more_than_the_plan(
    as_member: SignIn, alice: Membership, at_25: Patient
) -> None:
    typed = {"starts_on": TODAY.isoformat(), "morning": "10", "midday": "5", "evening": "5", "bedtime": "0"}
    answer = as_member(alice).post(reverse("preview_dose", args=[at_25.public_id]), typed)
    page = answer.content.decode().replace("\u00a0", " ")
    assert f"It needs: {ALONE}" in page
    assert "A day with" not in page
    assert "Smallest dose that clears" not in page


def test_an_open_flag_is_worded_anew_when_a_plan_is_signed(alice: Membership, patient: Patient) -> None:
    record_intake(actor=alice, patient=patient, report=RAN_OUT, now=NOW)
    flag = Flag.objects.get(patient=patient, code="W1")
    assert flag.shown["clears"][0].startswith("A day with 54")
    running_plan(alice, patient, [(TODAY, regimen(10, 10, 10)), (TODAY + timedelta(days=7), regimen(10, 5, 5))])
    flag.refresh_from_db()
    assert flag.shown["clears"][0].startswith(ALONE)
    assert flag.events.filter(kind="reworded").exists()
    refresh_flags(patient=patient, now=NOW)
    assert flag.events.filter(kind="reworded").count() == 1
