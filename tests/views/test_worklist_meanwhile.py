"""A duty or a flag that goes away while the page is being read: its row is left out, and the page still comes."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY
from tests.meanwhile import at_any_moment
from tests.services.acts import raised_flag, running_plan
from titration.models import Membership, Patient
from titration.selectors.week_papers import steps_of_week
from titration.selectors.worklist import worklist
from titration.services.acceptance import accept_flag
from titration.services.dispensing import record_dispensing
from titration.services.plans import hold_plan
from titration.services.reviews import complete_review, plan_review

type Act = Callable[[], Any]
SignIn = Callable[[Membership], Client]


def step_held(alice: Membership, patient: Patient) -> Act:
    plan = running_plan(alice, patient)
    return lambda: hold_plan(actor=alice, plan=plan, reason="unwell", state_version=plan.state_version, now=NOW)


def review_done(alice: Membership, patient: Patient) -> Act:
    review = plan_review(actor=alice, patient=patient, due_on=TODAY, purpose="Review at 6 weeks", now=NOW)
    return lambda: complete_review(actor=alice, review=review, now=NOW)


def tablets_brought(alice: Membership, patient: Patient) -> Act:
    def bring(quantity: int) -> None:
        record_dispensing(
            actor=alice, patient=patient, product="tablet-10-halves", quantity=Fraction(quantity), on=TODAY, now=NOW
        )

    bring(6 * 7)
    return lambda: bring(600)


def flag_answered(alice: Membership, patient: Patient) -> Act:
    flag = raised_flag(alice, patient)
    answer: dict[str, Any] = {"reason": "supervised", "comment": "", "expires_on": TODAY + timedelta(days=3)}
    return lambda: accept_flag(actor=alice, flag=flag, **answer, state_version=flag.state_version, now=NOW)


ACTS = {"steps": step_held, "reviews": review_done, "tablets": tablets_brought, "flags": flag_answered}
each_kind = pytest.mark.parametrize("kind", ACTS)


@each_kind
def test_what_goes_away_between_two_reads_is_left_out_and_counted(
    alice: Membership, patient: Patient, kind: str
) -> None:
    act = ACTS[kind](alice, patient)
    views = list(at_any_moment(lambda: worklist(alice, NOW), act))
    seen = {(view.counts[kind], len(view.of_kind(kind.removesuffix("s")))) for view in views}
    before, between, after = (0, 0), (1, 0), (1, 1)
    assert seen - {after} == {before, between}


@each_kind
def test_the_page_comes_whenever_something_goes_away(
    as_member: SignIn, alice: Membership, patient: Patient, kind: str
) -> None:
    act, client = ACTS[kind](alice, patient), as_member(alice)
    answers = [answer.status_code for answer in at_any_moment(lambda: client.get(reverse("worklist")), act)]
    assert set(answers) == {200}


def test_the_paper_of_the_week_leaves_out_a_plan_held_meanwhile(alice: Membership, patient: Patient) -> None:
    act = step_held(alice, patient)
    weeks = list(at_any_moment(lambda: steps_of_week(alice, TODAY), act))
    assert {len(week.plans) for week in weeks} == {0, 1}
