"""A plan's papers beside doses that other entries prescribe: before its first step, and after its last."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from tests.factories import NOW, TODAY, change_dose, make_plan, regimen, slow_taper
from tests.services.acts import ANSWER, as_shown, running_plan
from titration.domain.record import PlanKind
from titration.exports import FORMATS, PlanDocument
from titration.exports.sheet import sheet_values
from titration.exports.week import week_rows
from titration.models import Membership, Patient, Plan, RegimenChange
from titration.services.corrections import mark_entered_in_error
from titration.services.plans import complete_finished_plan, hold_plan, resume_plan, sign_plan
from titration.views.plan_detail import _step_rows
from titration.views.plan_document import plan_document
from titration.views.plan_page import scene_of


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def request_of(rf: RequestFactory, member: Membership, days: int = 0) -> Any:
    request: Any = rf.get("/")
    request.membership, request.user = member, member.user
    request.today, request.now = in_days(days), NOW + timedelta(days=days)
    return request


def paper(rf: RequestFactory, member: Membership, plan: Plan, days: int = 0) -> PlanDocument:
    request = request_of(rf, member, days)
    scene = scene_of(request, plan.patient.public_id, plan.public_id)
    return plan_document(request, scene, FORMATS["days.csv"])


def days_at(told: PlanDocument) -> list[tuple[int, int]]:
    """(days from today, mg) of each day that the paper says is due."""
    return [((day.on - TODAY).days, day.step.regimen.daily_mcg // 1000) for day in told.due_days()]


TWO_STEPS = [(in_days(1), regimen(20, 20, 15)), (in_days(3), regimen(20, 20, 10))]


@pytest.mark.parametrize("is_signed", [False, True])
def test_the_last_dose_of_a_paper_ends_where_a_dose_change_on_file_begins(
    rf: RequestFactory, alice: Membership, patient: Patient, *, is_signed: bool
) -> None:
    change_dose(alice, patient, regimen(10, 10, 10), in_days(5))
    plan = make_plan(alice, patient, TWO_STEPS)
    if is_signed:
        plan = sign_plan(actor=alice, plan=plan, state_version=0, answer=ANSWER, now=NOW)
    told = paper(rf, alice, plan)
    assert days_at(told) == [(1, 55), (2, 55), (3, 50), (4, 50)]
    assert sum(amount * product.strength_mcg for product, amount in told.quantities) == 210_000
    assert told.then is not None
    assert (told.then.starts_on, told.then.regimen) == (in_days(5), regimen(10, 10, 10))
    end: Any = sheet_values(told)["end"]
    taken = "one 10\u00a0mg tablet three times a day, 30\u00a0mg a day"
    assert end == {"bold": f"From Wednesday\u00a018\u00a0November\u00a02026: {taken}.", "text": ""}


def test_a_taper_to_nothing_says_when_baclofen_begins_again(
    rf: RequestFactory, alice: Membership, patient: Patient
) -> None:
    change_dose(alice, patient, regimen(10, 10, 10), in_days(9))
    told = paper(rf, alice, make_plan(alice, patient, [*TWO_STEPS, (in_days(6), regimen(0))]))
    assert days_at(told)[-1] == (6, 0)
    end: Any = sheet_values(told)["end"]
    assert "no more baclofen" in end["bold"]
    assert end["text"].startswith(
        "From Sunday\u00a022\u00a0November\u00a02026: one 10\u00a0mg tablet three times a day"
    )


def test_a_complete_plan_ends_where_the_next_dose_began(
    rf: RequestFactory, alice: Membership, patient: Patient
) -> None:
    up = [(in_days(1), regimen(20, 20, 25)), (in_days(4), regimen(25, 20, 25))]
    plan = running_plan(alice, patient, up)
    assert plan.kind == PlanKind.TAPER  # its kind does not matter here
    assert complete_finished_plan(patient=patient, now=NOW + timedelta(days=5))
    change_dose(alice, patient, regimen(10, 10, 10), in_days(6), now=NOW + timedelta(days=6))
    assert days_at(paper(rf, alice, plan, 7)) == [(1, 65), (2, 65), (3, 65), (4, 70), (5, 70)]


def test_the_first_change_is_counted_from_the_dose_as_it_was_corrected(
    rf: RequestFactory, alice: Membership, patient: Patient
) -> None:
    """Drawn from 60; the change to 60 was an error of the day on which the first step began: it was 40 until then."""
    change_dose(alice, patient, regimen(20, 20), in_days(-20))
    wrong = change_dose(alice, patient, regimen(20, 20, 20), in_days(-9))
    plan = running_plan(alice, patient, [(TODAY, regimen(20, 20, 15)), (in_days(7), regimen(20, 20, 10))])
    mark_entered_in_error(actor=alice, entry=wrong, reason="Other patient", now=NOW)
    assert RegimenChange.objects.filter(patient=patient, status="current").count() == 2
    told = paper(rf, alice, plan)
    assert [step.change_mcg for step in told.steps] == [15_000, -5_000]
    assert [(row["from"], row["to"]) for row in week_rows(told, TODAY, in_days(6))] == [("40\u00a0mg", "55\u00a0mg")]
    scene = scene_of(request_of(rf, alice), patient.public_id, plan.public_id)
    assert next(iter(_step_rows(scene))).change == "+15\u00a0mg"


def test_a_step_that_a_hold_kept_back_is_not_in_the_calendar_of_the_version_that_went_on(
    rf: RequestFactory, alice: Membership, patient: Patient
) -> None:
    """Held from day 2, resumed on day 10 for day 12: the step of day 8 never began."""
    plan = running_plan(alice, patient, slow_taper())
    held = hold_plan(actor=alice, plan=plan, reason="unwell", held_on=in_days(2), state_version=1, now=NOW)
    later = NOW + timedelta(days=10)
    left = [(day + timedelta(days=4), takes) for day, takes in slow_taper()[1:]]
    new = resume_plan(actor=alice, plan=held, continuation=as_shown(held, left), now=later)
    begun = paper(rf, alice, new, 10).begun_step
    assert begun is not None
    assert (begun.starts_on, begun.ends_on, begun.daily_mcg) == (in_days(1), in_days(11), 55_000)
    assert days_at(paper(rf, alice, plan, 10)) == [(1, 55)]
