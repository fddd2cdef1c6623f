"""A plan that another one replaces goes on until that one begins, and never longer than what was decided since."""

from datetime import date, timedelta

import pytest

from tests.factories import NOW, TODAY, make_plan, regimen
from tests.services.acts import ANSWER, running_plan
from titration.domain.history import prescribed_history
from titration.models import AuditEvent, Membership, Patient, Plan, PlanEvent
from titration.selectors import patient_record
from titration.services.plans import hold_plan, sign_plan, stop_plan
from titration.services.plans.ending import stop_with_treatment

DAYS = (0, 1, 7, 8, 15, 20, 27)
AS_SIGNED = [60, 55, 55, 50, 45, 40, 35]


def prescribed_mg(patient: Patient) -> list[int]:
    history = prescribed_history(patient_record(patient, NOW))
    return [(history.on(TODAY.toordinal() + day) or 0) // 1000 for day in DAYS]


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def next_plan(alice: Membership, patient: Patient) -> Plan:
    """Signed today for day 20; until then the plan before it goes on."""
    running_plan(alice, patient)
    steps = [(in_days(20), regimen(20, 0, 0, 20)), (in_days(27), regimen(15, 0, 0, 20))]
    return running_plan(alice, patient, steps, start=regimen(20, 0, 0, 25))


def test_it_goes_on_until_the_next_one_begins(patient: Patient, next_plan: Plan) -> None:
    assert next_plan.state == "running"
    assert prescribed_mg(patient) == AS_SIGNED


def test_none_of_its_steps_begins_after_the_next_one_was_stopped(
    alice: Membership, patient: Patient, next_plan: Plan
) -> None:
    stop_plan(actor=alice, plan=next_plan, reason="unwell", state_version=next_plan.state_version, now=NOW)
    assert prescribed_mg(patient) == [60] * 7


def test_none_of_its_steps_begins_once_the_treatment_has_ended(
    alice: Membership, patient: Patient, next_plan: Plan
) -> None:
    assert [plan.pk for plan in stop_with_treatment(patient=patient, reason="ended", actor=alice, now=NOW)] == [
        next_plan.pk
    ]
    assert prescribed_mg(patient) == [60] * 7


@pytest.mark.parametrize(
    ("held_on", "totals"),
    [
        pytest.param(None, [60] * 7, id="from today"),
        pytest.param(8, [60, 55, 55, 55, 55, 55, 55], id="from the day of one of its steps"),
        pytest.param(9, [60, 55, 55, 50, 50, 50, 50], id="from the day after one of its steps"),
    ],
)
def test_a_hold_of_the_next_one_keeps_back_its_steps_too(
    alice: Membership, patient: Patient, next_plan: Plan, held_on: int | None, totals: list[int]
) -> None:
    hold_plan(
        actor=alice,
        plan=next_plan,
        reason="unwell",
        held_on=None if held_on is None else in_days(held_on),
        state_version=next_plan.state_version,
        now=NOW,
    )
    assert prescribed_mg(patient) == totals


def test_a_step_of_it_that_began_today_has_begun(alice: Membership, patient: Patient, next_plan: Plan) -> None:
    on_day_8 = NOW + timedelta(days=8)
    held = hold_plan(actor=alice, plan=next_plan, reason="unwell", state_version=next_plan.state_version, now=on_day_8)
    assert held.held_on == in_days(9)
    assert prescribed_mg(patient) == [60, 55, 55, 50, 50, 50, 50]


def test_none_of_its_steps_falls_among_those_of_a_third_plan_that_begins_sooner(
    alice: Membership, patient: Patient, next_plan: Plan
) -> None:
    third = make_plan(alice, patient, [(in_days(3), regimen(20, 20, 10)), (in_days(30), regimen(20, 20, 5))],
                      start=regimen(25, 0, 0, 30))  # fmt: skip
    sign_plan(actor=alice, plan=third, state_version=0, answer=ANSWER, now=NOW)
    assert prescribed_mg(patient) == [60, 55, 50, 50, 50, 50, 50]
    assert next_plan.number == 2


def test_it_says_so_on_the_plan_and_in_the_audit(alice: Membership, patient: Patient, next_plan: Plan) -> None:
    stop_plan(actor=alice, plan=next_plan, reason="unwell", state_version=next_plan.state_version, now=NOW)
    first = Plan.objects.get(patient=patient, number=1)
    event = PlanEvent.objects.get(plan=first, kind="cut_short")
    assert (first.ended_on, event.by, event.detail) == (in_days(1), alice.user, {"ended_on": in_days(1).isoformat()})
    assert (
        AuditEvent.objects.filter(
            action="plan.cut_short", actor=alice.user, patient_public_id=patient.public_id
        ).count()
        == 1
    )
