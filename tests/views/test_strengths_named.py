"""Words of doses name the strength wherever the plan, or what is at home before it, holds another one."""

import re
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.factories import NOW, TODAY, make_patient, make_plan, regimen
from tests.services.acts import running_plan
from tests.views.test_plan_exports import document
from tests.views.test_planner import draw
from titration.exports.sheet import sheet_values
from titration.models import Membership, Patient, Plan
from titration.services.dispensing import record_dispensing

SignIn = Callable[[Membership], Client]
STEPS = [(TODAY + timedelta(days=3), regimen(10, 5, 10)), (TODAY + timedelta(days=10), regimen(10, 0, 10))]
BARE = re.compile(r"(?:one|half a|two|one and a half) tablets?")


@pytest.fixture
def taker(alice: Membership) -> Patient:
    return make_patient(alice, takes=regimen(10, 10, 10))


def dispense(actor: Membership, patient: Patient, product: str) -> None:
    record_dispensing(actor=actor, patient=patient, product=product, quantity=Fraction(84), on=TODAY, now=NOW)


def in_words(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ").partition("Tablets in words")[2].partition("</table>")[0]


def test_the_planner_names_both_strengths(as_member: SignIn, alice: Membership, taker: Patient) -> None:
    said = in_words(draw(as_member(alice), taker, way="weekly_5mg", products=["tablet-10", "tablet-5"]))
    assert "one 10 mg tablet" in said
    assert "one 5 mg tablet" in said
    assert BARE.search(said) is None


def test_the_planner_names_one_strength_in_the_heading(as_member: SignIn, alice: Membership, taker: Patient) -> None:
    said = in_words(draw(as_member(alice), taker, way="weekly_5mg"))
    assert said.startswith(", each a 10 mg tablet<")
    assert BARE.search(said)


@pytest.mark.parametrize("product", ["tablet-5", "tablet-20-halves", "liquid-5-in-5"])
def test_what_was_dispensed_before_makes_the_planner_name_it(
    as_member: SignIn, alice: Membership, taker: Patient, product: str
) -> None:
    dispense(alice, taker, product)
    said = in_words(draw(as_member(alice), taker, way="weekly_5mg"))
    assert said.startswith("<")
    assert "one 10 mg tablet" in said
    assert BARE.search(said) is None


@pytest.mark.parametrize("state", [make_plan, running_plan], ids=["draft", "signed"])
def test_the_page_of_a_plan_names_both_strengths(
    as_member: SignIn, alice: Membership, taker: Patient, state: Callable[..., Plan]
) -> None:
    plan = state(alice, taker, STEPS, start=regimen(10, 10, 10))
    said = in_words(as_member(alice).get(reverse("plan", args=[taker.public_id, plan.public_id])))
    assert "one 10 mg tablet" in said
    assert "one 5 mg tablet" in said
    assert BARE.search(said) is None


def test_the_sheet_names_them_for_who_has_another_box_at_home(
    alice: Membership, taker: Patient, rf: RequestFactory
) -> None:
    dispense(alice, taker, "tablet-20-halves")
    plan = running_plan(alice, taker, STEPS, start=regimen(10, 10, 10))
    Plan.objects.filter(pk=plan.pk).update(products=["tablet-10-halves"])
    rows = sheet_values(document(rf, alice, plan))["weeks"][0][0]["rows"]
    assert rows[0]["words"] == "one 10\u00a0mg tablet"


def test_an_earlier_plan_of_other_tablets_counts_as_at_home(
    as_member: SignIn, alice: Membership, taker: Patient
) -> None:
    running_plan(alice, taker, STEPS, start=regimen(10, 10, 10))
    assert BARE.search(in_words(draw(as_member(alice), taker, way="weekly_5mg"))) is None
