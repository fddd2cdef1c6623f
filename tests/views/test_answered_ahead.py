"""What was answered for a dose change, or an end, that lies ahead stays in sight until its day."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import TODAY, change_dose, regimen
from titration.models import Membership, Patient
from titration.services.drafts import CriticalAnswer

SignIn = Callable[[Membership], Client]
TOMORROW = TODAY + timedelta(days=1)
ADVICE = CriticalAnswer(reason="specialist_advice", comment="seen by Dr Pine.")
ANSWERED = "Answered: On specialist advice: seen by Dr Pine."


def page(client: Client, patient: Patient, name: str = "patient") -> str:
    return str(client.get(reverse(name, args=[patient.public_id])).content.decode()).replace("\u00a0", " ")


def part(shown: str, begins: str) -> str:
    return shown.split(begins)[1].split("</section>")[0]


def test_a_stop_tomorrow_stands_beside_no_finding(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(0), starts_on=TOMORROW, answer=ADVICE)
    shown = page(as_member(alice), patient)
    for place in (part(shown, 'id="flags"'), part(shown, 'id="h-plan"')):
        assert "Abrupt stop" in place
        assert "critical" in place
        assert f"From 14 Nov: 0 mg/day. {ANSWERED}" in place
    assert ANSWERED in part(shown, 'id="timeline"')
    assert ANSWERED.lower() in part(page(as_member(alice), patient, "hand_over"), 'id="h-coming"').lower()


@pytest.mark.parametrize("amount", [45, 62])
def test_a_change_that_nobody_was_asked_about_says_nothing(
    as_member: SignIn, alice: Membership, patient: Patient, amount: int
) -> None:
    change_dose(alice, patient, regimen(amount), starts_on=TOMORROW)
    assert "Answered:" not in page(as_member(alice), patient)


def test_from_its_day_on_the_flag_says_it(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(0), answer=ADVICE)
    shown = page(as_member(alice), patient)
    assert "answered-ahead" not in shown
    assert ANSWERED in part(shown, 'id="timeline"')


def test_an_end_from_tomorrow_says_it_too(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    typed = {"key": uuid4(), "version": "0", "kind": "ended", "last_dose_on": TODAY.isoformat(), "last_mg": "60"}
    address = reverse("treatment", args=[patient.public_id])
    asked = client.post(address, typed)
    answer = {"answer_reason": "specialist_advice", "answer_comment": "seen by Dr Pine."}
    client.post(address, {**typed, **answer, "answered_for": asked.context["answers_digest"]})
    shown = page(client, patient)
    assert f"From 14 Nov: 0 mg/day. {ANSWERED}" in part(shown, 'id="flags"')
    assert ANSWERED in part(shown, 'id="timeline"')
