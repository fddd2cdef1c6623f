"""A dose marked as entered in error: the page says what then counts, and enters again what it had superseded."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, change_dose, make_patient, regimen
from tests.services.acts import running_plan
from titration.domain.history import prescribed_history
from titration.models import Membership, Patient, RegimenChange
from titration.selectors import patient_record

SignIn = Callable[[Membership], Client]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def address(entry: RegimenChange) -> str:
    return reverse("entry_in_error", args=[entry.patient.public_id, "dose", entry.public_id])


def mistaken(alice: Membership, patient: Patient, before: float = 15) -> RegimenChange:
    change_dose(alice, patient, regimen(20, 20, before))
    return change_dose(alice, patient, regimen(30, 30, 30))


def prescribed_today(patient: Patient) -> int | None:
    return prescribed_history(patient_record(patient, NOW)).on(TODAY.toordinal())


def mark(client: Client, entry: RegimenChange, **fields: Any) -> Any:
    return client.post(address(entry), {"reason": "Typed for another patient", **fields})


def test_the_page_says_what_then_counts(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = as_member(alice).get(address(mistaken(alice, patient))).content.decode().replace("\u00a0", " ")
    assert "From 13 Nov 2026 60 mg/day, prescribed since 14 Sep 2026, then counts." in shown
    assert "The 55 mg/day entered before for this date stays superseded" in shown
    assert "Mark it, and enter 55 mg/day again" in shown


def test_marked_alone_the_superseded_dose_stays_so(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    assert mark(as_member(alice), mistaken(alice, patient)).status_code == 302
    assert prescribed_today(patient) == 60_000


def test_the_superseded_dose_is_entered_again(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    assert mark(as_member(alice), mistaken(alice, patient), enter_again="1").status_code == 302
    assert prescribed_today(patient) == 55_000
    statuses = RegimenChange.objects.filter(patient=patient, starts_on=TODAY).order_by("pk")
    assert [row.status for row in statuses] == ["superseded", "entered_in_error", "current"]


def test_a_dose_that_must_be_answered_is_not_entered_again(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    change_dose(alice, patient, regimen(0))
    wrong = change_dose(alice, patient, regimen(30, 30, 30))
    answer = mark(as_member(alice), wrong, enter_again="1")
    assert answer.status_code == 422
    assert "must be answered for" in answer.content.decode()
    assert prescribed_today(patient) == 90_000


def test_a_dose_that_superseded_none_says_only_what_then_counts(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    shown = as_member(alice).get(address(change_dose(alice, patient, regimen(20, 20, 15)))).content.decode()
    assert "then counts." in shown
    assert "enter_again" not in shown


def test_the_page_says_that_the_plan_which_goes_on_from_it_is_held(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    wrong, client = change_dose(alice, patient, regimen(20, 20, 15), TODAY - timedelta(days=3)), as_member(alice)
    held = "so the plan is held from tomorrow"
    assert held not in client.get(address(wrong)).content.decode()
    plan = running_plan(alice, patient, [(TODAY + timedelta(days=2), regimen(20, 20, 10))], start=regimen(20, 20, 15))
    assert held in client.get(address(wrong)).content.decode()
    mark(client, wrong)
    plan.refresh_from_db()
    assert (plan.state, plan.held_on) == ("held", TODAY + timedelta(days=1))


def early(alice: Membership) -> Patient:
    """60 mg/day; 55 since 19 days and 45 since 5, and 50 by a mistaken change from 15 days ago."""
    now = NOW - timedelta(days=20)
    taker = make_patient(alice, now=now)
    steps = [(TODAY - timedelta(days=days), regimen(20, 20, mg)) for days, mg in ((19, 15), (5, 5), (-9, 0))]
    running_plan(alice, taker, steps, now=now)
    return taker


def message(client: Client, answer: Any) -> str:
    page = client.get(answer.url).content.decode().replace("\u00a0", " ")
    return page.split('class="messages"')[-1].split("<main")[0]


def test_page_and_message_say_what_counts_again_of_the_plan_that_it_held(as_member: SignIn, alice: Membership) -> None:
    taker, client = early(alice), as_member(alice)
    wrong = change_dose(alice, taker, regimen(20, 20, 10), TODAY - timedelta(days=15), now=NOW - timedelta(minutes=1))
    shown = client.get(address(wrong)).content.decode().replace("\u00a0", " ")
    assert "what had begun of it when this was entered, on 13 Nov 2026, counts again" in shown
    assert "Prescribed today is then 45 mg/day." in shown
    said = message(client, mark(client, wrong))
    assert "Taper 1, version 1, is now held from 14 Nov 2026." in said
    assert "Prescribed today is then 45 mg/day." in said
    assert prescribed_today(taker) == 45_000


def test_the_message_names_the_plan_that_a_correction_holds(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    wrong = change_dose(alice, patient, regimen(20, 20, 10), TODAY - timedelta(days=3), now=NOW - timedelta(minutes=2))
    steps = [(TODAY + timedelta(days=5), regimen(20, 20, 5))]
    running_plan(alice, patient, steps, start=regimen(20, 20, 10), now=NOW - timedelta(minutes=1))
    client = as_member(alice)
    said = message(client, mark(client, wrong))
    assert "Taper 1, version 1, is now held from 14 Nov 2026." in said
    assert "Prescribed today is then 60 mg/day." in said
