"""A plan beside a dose change: what was changed by hand is never undone by a step of a plan."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import pytest

from tests.factories import NOW, TODAY, change_dose, make_plan, regimen, slow_taper
from tests.services.acts import ANSWER, as_shown, running_plan
from titration.domain.case import with_dose_change
from titration.domain.errors import PlanImpossible
from titration.domain.history import prescribed_history
from titration.models import Membership, Patient, Plan
from titration.selectors import patient_record
from titration.services.corrections import mark_entered_in_error
from titration.services.plans import check_no_change_among, resume_plan, sign_plan, step_back


def prescribed(patient: Patient, days: int) -> int | None:
    day = TODAY + timedelta(days=days)
    return prescribed_history(patient_record(patient, NOW)).on(day.toordinal())


@pytest.mark.parametrize(
    ("second", "held_on"),
    [
        pytest.param(0, 0, id="an earlier change brings the hold forward"),
        pytest.param(19, 19, id="by one day too"),
        pytest.param(21, 20, id="a later change leaves the hold where it is"),
    ],
)
def test_the_earliest_dose_change_holds_the_plan(
    alice: Membership, patient: Patient, second: int, held_on: int
) -> None:
    plan = running_plan(alice, patient)
    change_dose(alice, patient, regimen(10, 10, 10), TODAY + timedelta(days=20))
    change_dose(alice, patient, regimen(5, 5, 5), TODAY + timedelta(days=second))
    plan.refresh_from_db()
    assert (plan.state, plan.held_on) == ("held", TODAY + timedelta(days=held_on))


def test_no_step_of_a_plan_on_hold_undoes_an_urgent_change(alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient)
    change_dose(alice, patient, regimen(10, 10, 10), TODAY + timedelta(days=20))
    change_dose(alice, patient, regimen(5, 5))
    assert [prescribed(patient, day) for day in (0, 1, 8, 19, 20)] == [10_000] * 4 + [30_000]


def test_the_preview_of_an_urgent_change_shows_no_step_after_it(alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient)
    change_dose(alice, patient, regimen(10, 10, 10), TODAY + timedelta(days=20))
    proposal = with_dose_change(patient_record(patient, NOW), TODAY, regimen(5, 5), at=NOW)
    proposed = prescribed_history(proposal)
    assert [proposed.on(TODAY.toordinal() + day) for day in (0, 1, 8, 19, 20)] == [10_000] * 4 + [30_000]


BETWEEN = r"30.mg/day from 23.Nov.2026 is on file .* Mark that dose change as entered in error"


def test_a_plan_is_not_signed_around_a_dose_change_on_file(alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, slow_taper())
    change_dose(alice, patient, regimen(10, 10, 10), TODAY + timedelta(days=10))
    with pytest.raises(PlanImpossible, match=BETWEEN):
        sign_plan(actor=alice, plan=plan, state_version=0, answer=ANSWER, now=NOW)
    assert prescribed(patient, 20) == 30_000


def test_a_plan_is_not_resumed_around_a_dose_change_on_file(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient)
    change_dose(alice, patient, regimen(10, 10, 10), TODAY + timedelta(days=10))
    plan.refresh_from_db()
    with pytest.raises(PlanImpossible, match=BETWEEN):
        resume_plan(actor=alice, plan=plan, continuation=as_shown(plan, slow_taper()), now=NOW)
    assert prescribed(patient, 20) == 30_000


@pytest.mark.parametrize(
    ("days", "is_refused"),
    [
        pytest.param(1, True, id="on the day of the first step"),
        pytest.param(8, True, id="on the day of the last step"),
        pytest.param(9, False, id="after the last step"),
    ],
)
def test_only_a_change_among_the_steps_is_in_the_way(
    alice: Membership, patient: Patient, days: int, is_refused: bool
) -> None:
    change_dose(alice, patient, regimen(10, 10, 10), TODAY + timedelta(days=days))
    record = patient_record(patient, NOW)
    with pytest.raises(PlanImpossible) if is_refused else nullcontext():
        check_no_change_among(record, slow_taper()[:2])


def test_a_change_entered_in_error_is_not_in_the_way(alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, slow_taper())
    entry = change_dose(alice, patient, regimen(10, 10, 10), TODAY + timedelta(days=10))
    mark_entered_in_error(actor=alice, entry=entry, reason="other patient", now=NOW)
    assert sign_plan(actor=alice, plan=plan, state_version=0, now=NOW).state == "running"


@pytest.mark.parametrize("act", [resume_plan, step_back])
def test_a_plan_does_not_go_on_over_a_dose_change_that_is_still_to_come(
    alice: Membership, patient: Patient, act: Callable[..., Plan]
) -> None:
    """55 today, 10 from day 5: what is left below 55 begins with 50, which after day 5 would be a rise of 40."""
    now = NOW + timedelta(days=2)
    plan = running_plan(alice, patient)
    change_dose(alice, patient, regimen(5, 5), TODAY + timedelta(days=5), now=now)
    plan.refresh_from_db()
    later = as_shown(plan, slow_taper(TODAY + timedelta(days=9))[1:], answer=ANSWER)
    with pytest.raises(PlanImpossible, match=r"10.mg/day from 18.Nov.2026 is on file and comes before these steps"):
        act(actor=alice, plan=plan, continuation=later, now=now)
    assert [prescribed(patient, day) for day in (2, 5, 9, 30)] == [55_000, 10_000, 10_000, 10_000]


def test_once_the_dose_change_has_begun_the_plan_goes_on_below_it(alice: Membership, patient: Patient) -> None:
    now, plan = NOW + timedelta(days=5), running_plan(alice, patient)
    change_dose(alice, patient, regimen(5, 5), TODAY + timedelta(days=5), now=NOW + timedelta(days=2))
    plan.refresh_from_db()
    left = as_shown(plan, [(TODAY + timedelta(days=9), regimen(5))], answer=ANSWER)
    assert resume_plan(actor=alice, plan=plan, continuation=left, now=now).state == "running"
    assert [prescribed(patient, day) for day in (5, 9)] == [10_000, 5_000]
