"""A plan beside doses that are corrected, or added to the past, after it was signed or when it is over."""

from datetime import date, timedelta

import pytest

from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, regimen, slow_taper
from tests.services.acts import ANSWER, CHOICES, running_plan
from titration.domain.case import with_dose_change
from titration.domain.errors import DomainError
from titration.domain.history import prescribed_history
from titration.models import Membership, Patient, Plan, PlanEvent, RegimenChange
from titration.selectors import patient_record
from titration.services.corrections import mark_entered_in_error
from titration.services.history_import import import_history, undo_import, upload_history
from titration.services.plans import complete_finished_plan, hold_plan, sign_plan, stop_plan


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def prescribed_mg(patient: Patient, *days: int) -> list[int]:
    history = prescribed_history(patient_record(patient, NOW))
    return [(history.on(in_days(day).toordinal()) or 0) // 1000 for day in days]


@pytest.fixture
def plan(alice: Membership, patient: Patient) -> Plan:
    """60 mg/day, then 40 since ten days; from in five days 35 mg/day, 30 a week later."""
    change_dose(alice, patient, regimen(20, 0, 0, 20), in_days(-10))
    steps = [(in_days(5), regimen(15, 0, 0, 20)), (in_days(12), regimen(10, 0, 0, 20))]
    return running_plan(alice, patient, steps, start=regimen(20, 0, 0, 20))


def wrong_entry(patient: Patient) -> RegimenChange:
    return RegimenChange.objects.get(patient=patient, starts_on=in_days(-10))


def test_a_plan_is_held_where_the_dose_it_goes_on_from_was_an_error(
    alice: Membership, patient: Patient, plan: Plan
) -> None:
    """Else 60 mg/day would fall to 35 in one night, which nobody has signed."""
    mark_entered_in_error(actor=alice, entry=wrong_entry(patient), reason="Other patient", now=NOW)
    plan.refresh_from_db()
    assert (plan.state, plan.held_on) == ("held", in_days(1))
    assert prescribed_mg(patient, 0, 4, 5, 12) == [60, 60, 60, 60]
    event = PlanEvent.objects.get(plan=plan, kind="held")
    assert event.detail == {"held_on": in_days(1).isoformat(), "cause": "correction"}
    assert event.reason == "Held: the dose that its next step goes on from was corrected."


def test_a_plan_goes_on_where_the_dose_before_its_next_step_stays(
    alice: Membership, patient: Patient, plan: Plan
) -> None:
    """Once a step has begun, the next one goes on from that step, whatever was before."""
    later = NOW + timedelta(days=5)
    mark_entered_in_error(actor=alice, entry=wrong_entry(patient), reason="Other patient", now=later)
    plan.refresh_from_db()
    assert plan.state == "running"
    assert prescribed_mg(patient, 4, 5, 12) == [60, 35, 30]


def test_an_imported_dose_before_a_plan_holds_it_and_so_does_taking_it_back(
    alice: Membership, patient: Patient, plan: Plan
) -> None:
    content = f"date,morning,evening,pain\n{in_days(-3)},20,30,\n".encode()
    draft = upload_history(actor=alice, patient=patient, content=content, now=NOW)
    made = import_history(actor=alice, draft=draft, choices=CHOICES, now=NOW)
    plan.refresh_from_db()
    assert (plan.state, plan.held_on, prescribed_mg(patient, 0, 5, 12)) == ("held", in_days(1), [50, 50, 50])
    undo_import(actor=alice, made=made, reason="Another patient's file", now=NOW)
    assert prescribed_mg(patient, 0, 5, 12) == [40, 40, 40]


def test_taking_back_an_import_that_a_plan_goes_on_from_holds_it(alice: Membership) -> None:
    patient = make_patient(alice, since=in_days(-60))
    content = f"date,morning,evening,pain\n{in_days(-3)},20,30,\n".encode()
    draft = upload_history(actor=alice, patient=patient, content=content, now=NOW)
    made = import_history(actor=alice, draft=draft, choices=CHOICES, now=NOW)
    plan = running_plan(alice, patient, [(in_days(5), regimen(20, 0, 25))], start=regimen(20, 0, 30))
    undo_import(actor=alice, made=made, reason="Another patient's file", now=NOW)
    plan.refresh_from_db()
    assert (plan.state, prescribed_mg(patient, 0, 5)) == ("held", [60, 60])


def test_nothing_is_imported_among_the_steps_of_an_earlier_version_or_of_a_plan_that_is_over(
    alice: Membership, patient: Patient
) -> None:
    now = NOW + timedelta(days=20)
    plan = running_plan(alice, patient)
    stop_plan(actor=alice, plan=plan, reason="unwell", state_version=plan.state_version, now=now)
    content = f"date,morning,evening,pain\n{in_days(9)},20,30,\n".encode()
    draft = upload_history(actor=alice, patient=patient, content=content, now=now)
    with pytest.raises(DomainError, match="a plan runs on this date"):
        import_history(actor=alice, draft=draft, choices=CHOICES, now=now)


OVER = [pytest.param("stopped", id="stopped meanwhile"), pytest.param("completed", id="complete meanwhile")]


def over(alice: Membership, patient: Patient, state: str) -> Plan:
    """60 → 55 from in a day, 50 from in eight days, and over by day 20."""
    plan, now = running_plan(alice, patient, slow_taper()[:2]), NOW + timedelta(days=20)
    if state == "stopped":
        return stop_plan(actor=alice, plan=plan, reason="wish", state_version=plan.state_version, now=now)
    assert complete_finished_plan(patient=patient, now=now)
    return Plan.objects.get(pk=plan.pk)


@pytest.mark.parametrize("state", OVER)
def test_a_late_entered_dose_change_is_not_undone_by_a_plan_that_is_over(
    alice: Membership, patient: Patient, state: str
) -> None:
    """60 mg/day again from day 5, entered on day 20: the plan's 50 of day 8 never began."""
    plan, now = over(alice, patient, state), NOW + timedelta(days=20)
    preview = with_dose_change(patient_record(patient, now), in_days(5), regimen(20, 20, 20), at=now)
    change_dose(alice, patient, regimen(20, 20, 20), in_days(5), now=now)
    assert prescribed_mg(patient, 0, 1, 4, 5, 8, 20) == [60, 55, 55, 60, 60, 60]
    assert prescribed_history(preview) == prescribed_history(patient_record(patient, now))
    plan.refresh_from_db()
    assert (plan.state, plan.ended_on) == (state, in_days(5))
    assert PlanEvent.objects.get(plan=plan, kind="cut_short").detail == {"ended_on": in_days(5).isoformat()}


@pytest.mark.parametrize("state", OVER)
def test_a_dose_change_after_its_last_step_leaves_a_plan_that_is_over(
    alice: Membership, patient: Patient, state: str
) -> None:
    plan = over(alice, patient, state)
    change_dose(alice, patient, regimen(20, 20, 20), in_days(30), now=NOW + timedelta(days=30))
    plan.refresh_from_db()
    assert not PlanEvent.objects.filter(plan=plan, kind="cut_short").exists()
    assert prescribed_mg(patient, 8, 29, 30) == [50, 50, 60]


def test_a_hold_leaves_what_a_stopped_plan_began_today(alice: Membership, patient: Patient) -> None:
    first = running_plan(alice, patient, slow_taper(TODAY))
    stop_plan(actor=alice, plan=first, reason="wish", state_version=first.state_version, now=NOW)
    steps = [(in_days(5), regimen(25, 0, 0, 25))]
    second = make_plan(alice, patient, steps, start=regimen(25, 0, 0, 30))
    second = sign_plan(actor=alice, plan=second, state_version=0, answer=ANSWER, now=NOW)
    hold_plan(actor=alice, plan=second, reason="unwell", state_version=second.state_version, now=NOW)
    assert prescribed_mg(patient, 0, 1, 5) == [55, 55, 55]


def test_a_plan_from_today_takes_the_place_of_one_that_was_stopped_today(alice: Membership, patient: Patient) -> None:
    """Else the stopped plan's papers would still say its step of today beside the new one's."""
    first = running_plan(alice, patient, slow_taper(TODAY))
    first = stop_plan(actor=alice, plan=first, reason="wish", state_version=first.state_version, now=NOW)
    running_plan(alice, patient, [(TODAY, regimen(20, 20, 10))])
    first.refresh_from_db()
    assert (first.ended_on, prescribed_mg(patient, -1, 0, 30)) == (TODAY, [60, 50, 50])
