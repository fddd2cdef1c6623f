"""A dose change for the past beside a plan that was stopped, completed or replaced: preview and message say what holds.

What is said is compared with what is prescribed after the save, so that neither promises more than the other.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, change_dose, make_patient, regimen
from tests.services.acts import running_plan
from tests.views.test_log_dose import send
from titration.domain.history import prescribed_history
from titration.domain.units import show_mg_per_day
from titration.models import Membership, Patient, Plan
from titration.selectors import patient_record
from titration.services.plans import stop_plan
from titration.services.plans.confirming import complete_finished_plan

SignIn = Callable[[Membership], Client]
BEFORE = NOW.replace(day=2)
STEPS = [(date(2026, 11, 3), regimen(20, 20, 15)), (date(2026, 11, 5), regimen(20, 20, 10))]
TO_COME = (TODAY + timedelta(days=1), regimen(20, 20, 5))
LATE = {"starts_on": "2026-11-04", "backdate_reason": "heard today", "evening": "12"}


def shown(answer: Any) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def on_day(day: int) -> datetime:
    return NOW.replace(day=day)


@pytest.fixture
def taker(alice: Membership) -> Patient:
    return make_patient(alice, now=BEFORE)


def stopped(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, [*STEPS, TO_COME], now=BEFORE)
    stop_plan(actor=alice, plan=plan, reason="unwell", state_version=plan.state_version, now=on_day(10))


def completed(alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient, STEPS, now=BEFORE)
    assert complete_finished_plan(patient=patient, now=on_day(8)) is not None


def replaced(alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient, STEPS, now=BEFORE)
    running_plan(alice, patient, [(TODAY, regimen(20, 20, 5))], now=on_day(8), start=regimen(20, 20, 10))


def running(alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient, [*STEPS, TO_COME], now=BEFORE)


each_end = pytest.mark.parametrize("came_to", [stopped, completed, replaced, running])


def preview(client: Client, patient: Patient, fields: dict[str, str] = LATE) -> str:
    typed = {"morning": "20", "midday": "20", "bedtime": "0", "reason": "other", **fields}
    return shown(client.post(reverse("preview_dose", args=[patient.public_id]), typed))


def saved(client: Client, patient: Patient) -> str:
    """What is said once it is saved."""
    answer = send(client, patient, **LATE)
    assert answer.status_code == 302
    return shown(client.get(answer.url)).split('class="messages"')[-1].split("<main")[0]


def prescribed_today(alice: Membership, patient: Patient) -> str:
    mcg = prescribed_history(patient_record(patient, NOW)).on(TODAY.toordinal())
    return show_mg_per_day(mcg or 0).replace("\u00a0", " ")


@each_end
def test_preview_and_message_name_the_step_and_the_dose_of_today(
    as_member: SignIn, alice: Membership, taker: Patient, came_to: Any
) -> None:
    came_to(alice, taker)
    client = as_member(alice)
    before, after = preview(client, taker), saved(client, taker)
    for said in (before, after):
        assert "tep 2 of taper 1, version 1 (50 mg/day)" in said
        assert f"Prescribed today is then {prescribed_today(alice, taker)}." in said


@each_end
def test_a_step_that_ends_it_is_said_to_and_one_that_does_not_is_said_not_to_count(
    as_member: SignIn, alice: Membership, taker: Patient, came_to: Any
) -> None:
    came_to(alice, taker)
    client = as_member(alice)
    said = preview(client, taker)
    send(client, taker, **LATE)
    on_the_day = prescribed_history(patient_record(taker, NOW)).on(STEPS[1][0].toordinal())
    assert ("It holds until 4 Nov 2026" in said) is (on_the_day == 50_000)
    assert ("which began on 5 Nov 2026, no longer counts" in said) is (on_the_day == 52_000)


def test_a_later_entry_by_hand_is_named(as_member: SignIn, alice: Membership, taker: Patient) -> None:
    change_dose(alice, taker, regimen(20, 20, 5), date(2026, 11, 9))
    client = as_member(alice)
    for said in (preview(client, taker), saved(client, taker)):
        assert "A later entry stands and follows it from 9 Nov 2026: 52 → 45 mg/day" in said
        assert "Prescribed today is then 45 mg/day." in said


def test_a_change_that_goes_on_needs_no_more_words(as_member: SignIn, alice: Membership, taker: Patient) -> None:
    client = as_member(alice)
    assert "Prescribed today is then" not in preview(client, taker)
    assert "Prescribed today is then" not in saved(client, taker)


def test_a_refused_save_says_nothing_of_what_follows_twice(
    as_member: SignIn, alice: Membership, taker: Patient
) -> None:
    completed(alice, taker)
    page = shown(send(as_member(alice), taker, **{**LATE, "backdate_reason": ""}))
    assert "Say why the change is entered late" in page
    assert not Plan.objects.filter(state="held").exists()


BEFORE_IT_ALL = {"starts_on": "2026-11-01", "backdate_reason": "from her letter", "evening": "12"}


@each_end
def test_a_dose_of_the_time_before_a_plan_leaves_what_has_begun(
    as_member: SignIn, alice: Membership, taker: Patient, came_to: Any
) -> None:
    """Otherwise an old dose, told late, would be today's again; of a plan that runs no further step begins."""
    came_to(alice, taker)
    today, client = prescribed_today(alice, taker), as_member(alice)
    said = preview(client, taker, BEFORE_IT_ALL)
    assert "It holds until 2 Nov 2026: step 1 of taper 1, version 1 (55 mg/day) began on 3 Nov 2026 and stands" in said
    assert f"Prescribed today is then {today}." in said
    assert send(client, taker, **BEFORE_IT_ALL).status_code == 302
    course = prescribed_history(patient_record(taker, NOW))
    totals = [course.on(date(2026, 11, day).toordinal()) for day in (1, 2, 3, 5)]
    assert totals == [52_000, 52_000, 55_000, 50_000]
    assert prescribed_today(alice, taker) == today
    assert course.on(TO_COME[0].toordinal()) == course.on(TODAY.toordinal())
    assert not Plan.objects.filter(patient=taker, state="running").exists()
