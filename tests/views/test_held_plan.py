"""A plan on hold: the steps that the hold kept from beginning never began, for the table as for a step back."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, regimen
from tests.services.acts import as_shown
from titration.domain.errors import NotMakeable
from titration.models import Membership, Plan
from titration.services.plans import hold_plan, sign_plan, step_back

SignIn = Callable[[Membership], Client]
TWENTY_DAYS_AGO, TWELVE_DAYS_AGO = NOW - timedelta(days=20), NOW - timedelta(days=12)


@pytest.fixture
def held(alice: Membership) -> Plan:
    """55, 50, 45 mg a week apart, held on the day after 50 began; 45 would have begun five days ago."""
    patient = make_patient(alice, now=TWENTY_DAYS_AGO)
    steps = [(TODAY - timedelta(days=19 - 7 * at), regimen(mg)) for at, mg in enumerate((55, 50, 45, 40))]
    plan = make_plan(alice, patient, steps, now=TWENTY_DAYS_AGO)
    plan = sign_plan(actor=alice, plan=plan, state_version=0, now=TWENTY_DAYS_AGO)
    return hold_plan(actor=alice, plan=plan, reason="spasms", state_version=plan.state_version, now=TWELVE_DAYS_AGO)


def url(plan: Plan, name: str = "plan") -> str:
    return reverse(name, args=[plan.patient.public_id, plan.public_id])


def test_a_step_back_from_a_hold_goes_up(as_member: SignIn, alice: Membership, held: Plan) -> None:
    shown = as_member(alice).get(url(held, "plan_step_back")).content.decode()
    rows = shown.split('<table class="steps">')[1].split("</table>")[0]
    assert rows.index("55") < rows.index("50") < rows.index("45")


def test_only_a_step_that_began_is_stepped_back_from(alice: Membership, held: Plan) -> None:
    steps = [(TODAY, regimen(55)), (TODAY + timedelta(days=7), regimen(50))]
    step_back(actor=alice, plan=held, continuation=as_shown(held, steps), now=NOW)
    assert list(held.steps.order_by("number").values_list("state", flat=True)) == [
        "planned", "stepped_back", "held", "held",
    ]  # fmt: skip


def test_a_step_kept_back_by_the_hold_is_still_to_come(as_member: SignIn, alice: Membership, held: Plan) -> None:
    shown = as_member(alice).get(url(held)).content.decode()
    assert shown.split('<table class="steps">')[1].split("</table>")[0].count("to come") == 2


def confirm_resume(client: Client, plan: Plan, shown: str) -> int:
    asked = {"state_version": plan.state_version, "seen_state": "held", "pace": "1", "why": "well"}
    key = {"key": "11111111-1111-4111-8111-111111111111", "first_on": (TODAY + timedelta(days=1)).isoformat()}
    answer = client.post(url(plan, "plan_resume"), {**asked, **key, "shown": shown, "act": "confirm"})
    return answer.status_code


def test_a_resume_is_shown_again_after_a_dose_change_that_came_between(
    as_member: SignIn, alice: Membership, held: Plan
) -> None:
    client = as_member(alice)
    shown = re.search(r'name="shown" value="(\w+)"', client.get(url(held, "plan_resume")).content.decode())
    assert shown is not None
    change_dose(alice, held.patient, regimen(60))
    held.refresh_from_db()
    assert confirm_resume(client, held, shown[1]) == 422
    held.refresh_from_db()
    assert held.state == "held"


def test_a_resume_as_shown_is_confirmed(as_member: SignIn, alice: Membership, held: Plan) -> None:
    client = as_member(alice)
    shown = re.search(r'name="shown" value="(\w+)"', client.get(url(held, "plan_resume")).content.decode())
    assert shown is not None
    assert confirm_resume(client, held, shown[1]) == 302


def test_no_step_back_to_a_dose_that_the_plans_products_cannot_make(alice: Membership, held: Plan) -> None:
    steps = [(TODAY, regimen(52)), (TODAY + timedelta(days=7), regimen(50))]
    with pytest.raises(NotMakeable):
        step_back(actor=alice, plan=held, continuation=as_shown(held, steps), now=NOW)
    held.refresh_from_db()
    assert held.state == "held"
