"""The weeks in the worklist are the record's own history, whatever became of a plan."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, regimen
from titration.domain.history import prescribed_history, taken_history
from titration.domain.record import PlanState
from titration.domain.reported import reported
from titration.models import Membership, Plan
from titration.selectors import patient_record
from titration.selectors.sparklines import SPARK_DAYS, read_sparklines

LAST_WEEK = TODAY - timedelta(days=7)
STEPS = [
    (LAST_WEEK - timedelta(days=7), regimen(20, 20, 15)),
    (LAST_WEEK, regimen(20, 15, 15)),
    (TODAY, regimen(15, 15, 15)),
]
STATES: dict[str, dict[str, Any]] = {
    "draft": {"state": PlanState.DRAFT},
    "draft drawn again": {"state": PlanState.STOPPED, "ended_on": TODAY},
    "draft discarded": {"state": PlanState.STOPPED},
    "running": {"state": PlanState.RUNNING, "signed_at": NOW},
    "held": {"state": PlanState.HELD, "signed_at": NOW, "held_on": LAST_WEEK},
    "held from tomorrow": {"state": PlanState.HELD, "signed_at": NOW, "held_on": TODAY + timedelta(days=1)},
    "held, then stopped": {
        "state": PlanState.STOPPED, "signed_at": NOW, "held_on": LAST_WEEK, "ended_on": TODAY,
    },
    "stopped": {"state": PlanState.STOPPED, "signed_at": NOW, "ended_on": TODAY},
    "replaced": {"state": PlanState.REPLACED, "signed_at": NOW, "ended_on": LAST_WEEK},
    "completed": {"state": PlanState.COMPLETED, "signed_at": NOW},
}  # fmt: skip


def test_every_state_of_a_plan_has_its_case() -> None:
    assert {columns["state"] for columns in STATES.values()} == set(PlanState)


@pytest.mark.parametrize("columns", STATES.values(), ids=STATES)
def test_the_weeks_are_the_record_s_history(alice: Membership, columns: dict[str, Any]) -> None:
    then = NOW - timedelta(days=90)
    patient = make_patient(alice, now=then, since=then.date())
    plan = make_plan(alice, patient, STEPS, now=NOW - timedelta(days=15))
    signed_by = alice.user if "signed_at" in columns else None
    Plan.objects.filter(pk=plan.pk).update(**columns, signed_by=signed_by)
    spark, record = read_sparklines([patient.pk], TODAY)[patient.pk], patient_record(patient, NOW)
    weeks = range((TODAY - timedelta(days=SPARK_DAYS - 1)).toordinal(), TODAY.toordinal() + 1)
    assert spark.is_unconfirmed == reported(record).is_unconfirmed(TODAY.toordinal())
    assert list(spark.taken) == [taken_history(record).on(day) for day in weeks]
    assert [spark.prescribed.on(day) for day in weeks] == [prescribed_history(record).on(day) for day in weeks]


@pytest.mark.parametrize(
    "earlier",
    [pytest.param(None, id="nothing before"), pytest.param(3, id="a dose of three days before, entered late"),
     pytest.param(70, id="a dose of before the weeks, entered late")],
)  # fmt: skip
def test_who_was_told_to_take_nothing_and_began_that_day_took_nothing_the_day_before(
    alice: Membership, earlier: int | None
) -> None:
    patient = make_patient(alice, takes=regimen(0), since=LAST_WEEK, now=NOW - timedelta(days=7))
    change_dose(alice, patient, regimen(20), LAST_WEEK)
    if earlier is not None:
        change_dose(alice, patient, regimen(5), LAST_WEEK - timedelta(days=earlier))
    record = patient_record(patient, NOW)
    day_before = (LAST_WEEK - timedelta(days=1)).toordinal()
    spark = read_sparklines([patient.pk], TODAY)[patient.pk]
    assert spark.taken[-9] == taken_history(record).on(day_before) == (0 if earlier is None else 5_000)
    assert spark.prescribed_before(LAST_WEEK) == spark.taken[-9]
