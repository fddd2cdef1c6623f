"""A plan beside doses that are corrected, or added to the past, after it was signed or when it is over."""

from datetime import date, timedelta

import pytest

from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, regimen, slow_taper
from tests.services.acts import ANSWER, CHOICES, running_plan
from titration.domain.case import with_dose_change
from titration.domain.errors import DomainError
from titration.domain.history import prescribed_history
from titration.models import AuditEvent, Membership, Patient, Plan, PlanEvent, RegimenChange
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


BEGUN_STEPS = [(in_days(day), regimen(20, 20, mg)) for day, mg in ((-19, 15), (-12, 10), (-5, 5), (9, 0))]


def held_by(alice: Membership, patient: Patient, day: int, *, entered: int = 0) -> RegimenChange:
    return change_dose(alice, patient, regimen(20, 20, 12), in_days(day), now=NOW + timedelta(days=entered))


@pytest.fixture
def begun(alice: Membership) -> Plan:
    """60 mg/day; 55, 50 and 45 since 19, 12 and 5 days; 40 in 9 days."""
    early = NOW - timedelta(days=20)
    return running_plan(alice, make_patient(alice, since=in_days(-60), now=early), BEGUN_STEPS, now=early)


def states(plan: Plan) -> list[str]:
    return list(plan.steps.order_by("number").values_list("state", flat=True))


def test_what_had_begun_counts_again_where_the_change_that_held_it_was_an_error(alice: Membership, begun: Plan) -> None:
    """Else 55 mg/day of a step that was left behind long ago would stand as the dose of today."""
    wrong = held_by(alice, begun.patient, -15)
    assert prescribed_mg(begun.patient, -16, -15, 0) == [55, 52, 52]
    mark_entered_in_error(actor=alice, entry=wrong, reason="Other patient", now=NOW + timedelta(minutes=1))
    begun.refresh_from_db()
    assert prescribed_mg(begun.patient, -19, -12, -5, 0, 9) == [55, 50, 45, 45, 45]
    assert (begun.state, begun.held_on, states(begun)) == ("held", in_days(1), ["planned"] * 3 + ["held"])
    last = PlanEvent.objects.filter(plan=begun).last()
    assert (last.kind, last.detail) == ("held", {"held_on": in_days(1).isoformat(), "cause": "correction"})
    assert AuditEvent.objects.filter(action="plan.held", detail__cause="correction").count() == 1


@pytest.mark.parametrize(
    ("others", "counts"),
    [
        pytest.param([], [55, 50, 50, 50], id="the step of the days in between never began"),
        pytest.param([-11], [55, 50, 53, 53], id="another change of a later day stands"),
        pytest.param([-13], [55, 53, 53, 53], id="another change before its steps stands"),
    ],
)
def test_only_what_had_begun_when_the_error_was_entered_and_no_other_change_holds_counts_again(
    alice: Membership, begun: Plan, others: list[int], counts: list[int]
) -> None:
    wrong = held_by(alice, begun.patient, -15, entered=-8)
    for day in others:
        change_dose(alice, begun.patient, regimen(20, 20, 13), in_days(day), now=NOW - timedelta(days=7))
    mark_entered_in_error(actor=alice, entry=wrong, reason="Other patient", now=NOW)
    assert prescribed_mg(begun.patient, -14, -12, -5, 0) == counts


@pytest.mark.parametrize("days", [(-15, -10), (-10, -15)])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_after_two_errors_it_counts_again_in_whichever_order_they_are_marked(
    alice: Membership, begun: Plan, days: tuple[int, int], order: tuple[int, int]
) -> None:
    wrong = [change_dose(alice, begun.patient, regimen(20, -day), in_days(day)) for day in days]
    for which in order:
        mark_entered_in_error(actor=alice, entry=wrong[which], reason="Other patient", now=NOW)
    assert prescribed_mg(begun.patient, -15, -12, -5, 0, 9) == [55, 50, 45, 45, 45]


def test_a_hold_that_somebody_set_since_stays_where_it_is(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, [(TODAY, regimen(20, 20, 15)), (in_days(7), regimen(20, 20, 10))])
    wrong = held_by(alice, patient, 3)
    held = Plan.objects.select_related("patient__clinic").get(pk=plan.pk)
    hold_plan(actor=alice, plan=held, reason="unwell", state_version=held.state_version, now=NOW)
    mark_entered_in_error(actor=alice, entry=wrong, reason="Other patient", now=NOW)
    plan.refresh_from_db()
    assert (plan.state, plan.held_on) == ("held", in_days(1))


def test_a_late_change_holds_a_plan_that_has_not_begun_from_today(alice: Membership, patient: Patient) -> None:
    """Not from a day on which nobody had drawn it yet."""
    plan = running_plan(alice, patient, [(in_days(5), regimen(20, 20, 15))])
    preview = with_dose_change(patient_record(patient, NOW), in_days(-30), regimen(20, 20, 18), at=NOW)
    change_dose(alice, patient, regimen(20, 20, 18), in_days(-30))
    plan.refresh_from_db()
    assert (plan.state, plan.held_on) == ("held", TODAY)
    assert prescribed_mg(patient, 0, 4, 5, 9) == [58, 58, 58, 58]
    assert prescribed_history(preview) == prescribed_history(patient_record(patient, NOW))
