"""A plan drawn while less is taken than prescribed: its first step is a rise that no rule names; each page says so."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.factories import NOW, TODAY, make_plan, regimen
from tests.services.acts import running_plan
from tests.views.test_plan_exports import document
from tests.views.test_planner import draw, url
from titration.domain.record import IntakeKind
from titration.exports.record_page import record_values
from titration.models import Membership, Patient, Plan
from titration.services.drafts import IntakeDraft
from titration.services.intake import record_intake
from titration.services.plans import hold_plan

SignIn = Callable[[Membership], Client]
STEPS = [(TODAY + timedelta(days=3), regimen(20, 20, 15)), (TODAY + timedelta(days=10), regimen(20, 20, 10))]
TAKEN = "30 mg/day is taken since 31 Oct (14 days); 60 mg/day is prescribed."
RISE = "The first step, 55 mg/day on 16 Nov, is 25 mg (83.3 %) more than that."
CHECK = "Check what is really taken and how it is tolerated"


def shown(client: Client, name: str, plan: Plan) -> str:
    page = client.get(reverse(name, args=[plan.patient.public_id, plan.public_id]))
    return page.content.decode().replace("\u00a0", " ")


@pytest.fixture
def taking_half(alice: Membership, patient: Patient) -> Patient:
    """60 mg/day prescribed, 30 taken for two weeks."""
    draft = IntakeDraft(
        kind=IntakeKind.DAILY_TOTAL, starts_on=TODAY - timedelta(days=13), daily_mcg=30_000, goes_on=True
    )
    record_intake(actor=alice, patient=patient, report=draft, now=NOW)
    return patient


def test_the_planner_says_so_beside_the_findings(as_member: SignIn, alice: Membership, taking_half: Patient) -> None:
    page = draw(as_member(alice), taking_half, htmx=True, way="equal", step="5", step_days="7").content.decode()
    said = page.replace("\u00a0", " ").partition("judge-title")[2]
    for words in (TAKEN, RISE, CHECK):
        assert words in said


@pytest.mark.parametrize("name", ["plan", "plan_sign"])
def test_the_draft_and_where_it_is_signed_say_so(
    as_member: SignIn, alice: Membership, taking_half: Patient, name: str
) -> None:
    page = shown(as_member(alice), name, make_plan(alice, taking_half, STEPS))
    assert f"{TAKEN} {RISE}" in page
    assert CHECK in page


def test_a_signed_plan_goes_on_saying_so_until_its_step_is_no_rise(
    as_member: SignIn, alice: Membership, taking_half: Patient
) -> None:
    client, plan = as_member(alice), running_plan(alice, taking_half, STEPS)
    assert f"{TAKEN} {RISE}" in shown(client, "plan", plan)
    back = IntakeDraft(kind=IntakeKind.AS_PRESCRIBED, starts_on=TODAY - timedelta(days=13))
    record_intake(actor=alice, patient=taking_half, report=back, now=NOW)
    assert "more than that" not in shown(client, "plan", plan)


def test_a_plan_is_slowed_down_with_it_in_sight(as_member: SignIn, alice: Membership, taking_half: Patient) -> None:
    plan = running_plan(alice, taking_half, STEPS)
    assert f"{TAKEN} The first step, 55 mg/day on " in shown(as_member(alice), "plan_slow_down", plan)


def test_a_held_plan_has_no_step_to_speak_of(as_member: SignIn, alice: Membership, taking_half: Patient) -> None:
    plan = running_plan(alice, taking_half, STEPS)
    version = plan.state_version
    hold_plan(actor=alice, plan=plan, reason="spasms", state_version=version, now=NOW, held_on=TODAY)
    assert "more than that" not in shown(as_member(alice), "plan", plan)


def test_the_page_for_the_record_says_so(alice: Membership, taking_half: Patient, rf: RequestFactory) -> None:
    facts = dict(record_values(document(rf, alice, running_plan(alice, taking_half, STEPS)))["facts"])
    told = str(facts["Taken now"]).replace("\u00a0", " ")
    assert "Step of 16 Nov 2026: 55 mg a day, a rise of 25 mg (83.3 %) from what is taken." in told


def test_where_taken_is_as_prescribed_no_page_says_anything(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, plan = as_member(alice), make_plan(alice, patient, STEPS)
    for name in ("plan", "plan_sign"):
        assert "unsigned" not in shown(client, name, plan)
    assert "unsigned" not in client.get(url(patient)).content.decode()
