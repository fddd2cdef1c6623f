"""What a paper says to take until a plan's first step: what is prescribed when it is printed, and each change ahead."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client, RequestFactory
from django.urls import reverse

from tests.factories import TODAY, change_dose, regimen
from tests.services.acts import running_plan
from tests.views.test_plan_exports import document
from titration.exports.record_page import record_values
from titration.models import Membership, Patient, Plan

SignIn = Callable[[Membership], Client]
NOW_60 = "Now: two 10\u00a0mg tablets three times a day, 60\u00a0mg a day."


def sheet(client: Client, plan: Plan) -> str:
    return client.get(reverse("plan_sheet", args=[plan.patient.public_id, plan.public_id])).content.decode()


def later_plan(alice: Membership, patient: Patient) -> Plan:
    """From day 20, drawn from the 50 mg that are prescribed by then."""
    steps = [(TODAY + timedelta(days=20), regimen(20, 20, 5)), (TODAY + timedelta(days=27), regimen(20, 20))]
    return running_plan(alice, patient, steps, start=regimen(20, 20, 10))


def test_the_dose_of_today_stands_before_a_dose_change_ahead(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    change_dose(alice, patient, regimen(20, 20, 10), TODAY + timedelta(days=10))
    shown = sheet(as_member(alice), later_plan(alice, patient))
    _, after = shown.split(NOW_60)
    assert after.startswith(" From Monday\u00a023\u00a0November\u00a02026: two 10\u00a0mg tablets in the morning")
    assert "keep taking two" not in shown


def test_the_dose_of_today_stands_before_the_steps_of_the_plan_before_it(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    days = (TODAY + timedelta(days=2), TODAY + timedelta(days=9))
    running_plan(alice, patient, list(zip(days, (regimen(20, 20, 15), regimen(20, 20, 10)), strict=True)))
    shown = sheet(as_member(alice), later_plan(alice, patient))
    _, after = shown.split(NOW_60)
    assert after.index("55\u00a0mg a day") < after.index("50\u00a0mg a day") < after.index("40\u00a0mg")


def test_where_nothing_changes_until_then_it_is_kept(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, [(TODAY + timedelta(days=20), regimen(20, 20, 15))])
    shown = sheet(as_member(alice), plan)
    assert "Before 3\u00a0December keep taking two 10\u00a0mg tablets three times a day, 60\u00a0mg a day." in shown
    assert "Now:" not in shown


def test_the_page_for_the_record_says_the_same(alice: Membership, patient: Patient, rf: RequestFactory) -> None:
    change_dose(alice, patient, regimen(20, 20, 10), TODAY + timedelta(days=10))
    facts = record_values(document(rf, alice, later_plan(alice, patient)))["facts"]
    assert next(value for label, value in facts if label == "Until the first step").startswith(NOW_60)
