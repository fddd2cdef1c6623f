"""A plan beside a dose change: what was changed by hand is never undone by a step of a plan."""

from datetime import timedelta

import pytest

from tests.factories import NOW, TODAY, change_dose, regimen
from tests.services.acts import running_plan
from titration.domain.case import with_dose_change
from titration.domain.history import prescribed_history
from titration.models import Membership, Patient
from titration.selectors import patient_record


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
