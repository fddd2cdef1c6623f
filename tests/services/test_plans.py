"""A plan from draft to end: signing, following, re-dating, and two people at one plan."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, quick_taper, regimen, slow_taper
from tests.services.acts import ANSWER, as_shown, running_plan
from titration.domain.errors import AboveCeiling, DomainError, PlanImpossible
from titration.domain.history import prescribed_history
from titration.models import AuditEvent, Membership, Patient, Plan, PlanEvent, PlanStep
from titration.permissions import PermissionRefused
from titration.selectors import patient_record
from titration.services.errors import AnswerNeeded, Conflict
from titration.services.plans import confirm_step, hold_plan, sign_plan, slow_plan_down, step_back, stop_plan
from titration.services.reassessment import reassess_due


def prescribed(patient: Patient, days: int) -> int | None:
    day = TODAY + timedelta(days=days)
    return prescribed_history(patient_record(patient, NOW)).on(day.toordinal())


def slowed(actor: Membership, plan: Plan, steps: Any) -> Plan:
    return slow_plan_down(actor=actor, plan=plan, continuation=as_shown(plan, steps), now=NOW)


def test_a_draft_does_not_count(paul: Membership, patient: Patient) -> None:
    plan = make_plan(paul, patient, slow_taper())
    assert (plan.state, plan.number, plan.version, len(plan.content_hash)) == ("draft", 1, 1, 64)
    assert prescribed(patient, 2) == 60_000


def test_a_pharmacist_drafts_and_does_not_sign(paul: Membership, patient: Patient) -> None:
    plan = make_plan(paul, patient, slow_taper())
    with pytest.raises(PermissionRefused, match="clinician"):
        sign_plan(actor=paul, plan=plan, state_version=0, now=NOW)


def test_signing_starts_it_on_its_first_date(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient)
    assert (plan.state, plan.signed_by) == ("running", alice.user)
    assert [prescribed(patient, day) for day in (0, 1, 8)] == [60_000, 55_000, 50_000]


def test_a_steep_plan_must_be_answered(alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, quick_taper())
    with pytest.raises(AnswerNeeded) as needed:
        sign_plan(actor=alice, plan=plan, state_version=0, now=NOW)
    assert {finding.code for finding in needed.value.findings} == {"W5", "W2"}
    signed = sign_plan(actor=alice, plan=plan, state_version=0, answer=ANSWER, now=NOW)
    assert signed.answer_reason == "supervised"
    assert AuditEvent.objects.get(action="plan.signed").detail["findings"] == ["W5 critical", "W2 high"]


def test_a_plan_above_the_ceiling_is_refused(alice: Membership, patient: Patient) -> None:
    with pytest.raises(AboveCeiling):
        make_plan(alice, patient, [(TODAY, regimen(70, 70, 60.1))])


def test_a_first_step_in_the_past_is_refused(alice: Membership, patient: Patient) -> None:
    with pytest.raises(PlanImpossible, match="past"):
        make_plan(alice, patient, slow_taper(TODAY - timedelta(days=1)))


def test_two_clinicians_sign_one_plan(alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, slow_taper())
    stale = Plan.objects.get(pk=plan.pk)
    sign_plan(actor=alice, plan=plan, state_version=0, now=NOW)
    with pytest.raises(Conflict):
        sign_plan(actor=alice, plan=stale, state_version=0, now=NOW)
    assert PlanEvent.objects.filter(kind="signed").count() == 1


def test_a_draft_from_another_dose_than_is_prescribed_is_not_signed(alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, slow_taper())
    change_dose(alice, patient, regimen(10, 10, 10))
    with pytest.raises(PlanImpossible, match=r"drawn from 60.mg/day .* but 30.mg/day .* is prescribed .*Draw it again"):
        sign_plan(actor=alice, plan=plan, state_version=0, answer=ANSWER, now=NOW)
    assert prescribed(patient, 2) == 30_000


def test_a_running_plan_counts_for_where_the_next_one_starts(alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient)
    plan = make_plan(alice, patient, slow_taper(TODAY + timedelta(days=3)))
    with pytest.raises(PlanImpossible, match=r"but 55.mg/day"):
        sign_plan(actor=alice, plan=plan, state_version=0, answer=ANSWER, now=NOW)


def test_a_held_plan_goes_no_further(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient)
    held = hold_plan(
        actor=alice, plan=plan, reason="unwell", state_version=plan.state_version, now=NOW + timedelta(days=3)
    )
    assert held.held_on == TODAY + timedelta(days=3)
    assert prescribed(patient, 8) == 55_000


def test_a_step_that_began_today_has_begun(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    held = hold_plan(actor=alice, plan=plan, reason="unwell", state_version=plan.state_version, now=NOW)
    assert held.held_on == TODAY + timedelta(days=1)
    assert prescribed(patient, 8) == 55_000


def test_slowing_down_re_dates_in_a_new_version(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient)
    later = slow_taper(TODAY + timedelta(days=5))
    new = slowed(alice, plan, later)
    plan.refresh_from_db()
    assert (plan.state, plan.ended_on) == ("replaced", TODAY + timedelta(days=1))
    assert (new.number, new.version, new.state, new.replaces) == (1, 2, "running", plan)
    assert new.content_hash != plan.content_hash
    assert [prescribed(patient, day) for day in (1, 8, 12)] == [60_000, 55_000, 50_000]


def test_a_plan_re_dated_to_a_later_day_takes_none_of_its_old_steps_until_then(
    alice: Membership, patient: Patient
) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    later = slow_taper(TODAY + timedelta(days=27))[1:]
    slowed(alice, plan, later)
    assert {prescribed(patient, day) for day in range(27)} == {55_000}


def test_a_dose_change_ends_what_a_new_plan_had_left_of_the_old_one(alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient, slow_taper(TODAY + timedelta(days=2)))
    running_plan(alice, patient, slow_taper(TODAY - timedelta(days=1))[4:], start=regimen(20, 0, 0, 20))
    change_dose(alice, patient, regimen(20, 20, 15), TODAY + timedelta(days=1))
    assert {prescribed(patient, day) for day in range(1, 60)} == {55_000}


def test_a_step_back_goes_up_and_on_later(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    back = [(TODAY + timedelta(days=1), regimen(20, 20, 20)), *slow_taper(TODAY + timedelta(days=15))]
    new = step_back(actor=alice, plan=plan, continuation=as_shown(plan, back), now=NOW)
    assert prescribed(patient, 3) == 60_000
    assert plan.steps.get(number=1).state == "stepped_back"
    assert PlanEvent.objects.get(plan=new, kind="stepped_back").reason == "spasms"


def test_stopping_keeps_what_began(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    stopped = stop_plan(actor=alice, plan=plan, reason="wish", state_version=plan.state_version, now=NOW)
    assert stopped.state == "stopped"
    assert [prescribed(patient, day) for day in (0, 20)] == [55_000, 55_000]


def test_signing_another_plan_ends_the_first(alice: Membership, patient: Patient) -> None:
    first = running_plan(alice, patient)
    second = running_plan(alice, patient, slow_taper(TODAY - timedelta(days=4))[1:], start=slow_taper()[0][1])
    first.refresh_from_db()
    assert (first.state, second.number, second.state) == ("replaced", 2, "running")


def test_a_draft_drawn_again_is_a_new_version(alice: Membership, patient: Patient) -> None:
    first = make_plan(alice, patient, slow_taper())
    second = make_plan(alice, patient, slow_taper(TODAY + timedelta(days=2)), replaces=first)
    first.refresh_from_db()
    assert (first.state, second.number, second.version, second.replaces) == ("stopped", 1, 2, first)


def test_only_a_draft_of_the_same_patient_is_drawn_again(alice: Membership, charlie: Membership) -> None:
    """Of another patient, of the same clinic or of another: nothing is withdrawn and nothing drafted."""
    for owner in (alice, charlie):
        foreign, patient = make_plan(owner, make_patient(owner), slow_taper()), make_patient(alice)
        with pytest.raises(PlanImpossible, match="another patient"):
            make_plan(alice, patient, slow_taper(), replaces=foreign)
        foreign.refresh_from_db()
        assert (foreign.state, patient.plans.count()) == ("draft", 0)


def test_a_draft_that_was_signed_meanwhile_is_not_drawn_again(alice: Membership, patient: Patient) -> None:
    stale = make_plan(alice, patient, slow_taper())
    sign_plan(actor=alice, plan=Plan.objects.get(pk=stale.pk), state_version=0, now=NOW)
    with pytest.raises(DomainError, match="running"):
        make_plan(alice, patient, slow_taper(TODAY + timedelta(days=2)), replaces=stale)
    assert Plan.objects.get(patient=patient).state == "running"


def test_a_step_is_confirmed_when_it_has_begun(alice: Membership, nina: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    assert confirm_step(actor=nina, step=plan.steps.get(number=1), now=NOW).state == "started"
    with pytest.raises(DomainError, match="not begun"):
        confirm_step(actor=nina, step=plan.steps.get(number=2), now=NOW)


def test_confirming_twice_is_done_once_and_for_another_person_a_conflict(
    alice: Membership, nina: Membership, patient: Patient
) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    first = [plan.steps.get(number=1) for _ in range(3)]
    assert [confirm_step(actor=nina, step=step, now=NOW).state for step in first[:2]] == ["started", "started"]
    assert plan.events.filter(kind="step_confirmed").count() == 1
    with pytest.raises(Conflict):
        confirm_step(actor=alice, step=first[2], now=NOW)


def test_a_step_that_a_hold_kept_back_is_not_confirmed_and_one_begun_is(
    alice: Membership, nina: Membership, patient: Patient
) -> None:
    plan = running_plan(alice, patient, slow_taper(TODAY))
    step = PlanStep.objects.select_related("plan__patient__clinic").get(plan=plan, number=1)
    hold_plan(actor=alice, plan=plan, reason="unwell", state_version=plan.state_version, now=NOW)
    later = NOW + timedelta(days=8)
    with pytest.raises(DomainError, match="hold kept"):
        confirm_step(actor=nina, step=plan.steps.get(number=2), now=later)
    assert [row.state for row in plan.steps.order_by("number")][:2] == ["planned", "held"]
    assert confirm_step(actor=nina, step=step, now=later).state == "started", "what began before the hold is confirmed"


def test_a_plan_is_complete_after_its_last_step(alice: Membership, patient: Patient) -> None:
    steps = slow_taper()
    plan = running_plan(alice, patient, steps)
    for day in range(1, (steps[-1][0] - TODAY).days + 2):
        list(reassess_due(NOW + timedelta(days=day)))
    plan.refresh_from_db()
    assert plan.state == "completed"
    assert prescribed(patient, 365) == 0
