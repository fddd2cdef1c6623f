"""Where a treatment stands: an end is the stop it is, a hand-over is unknown, and after a death nobody is asked."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, regimen, slow_taper
from tests.services.acts import CHOICES, critical_flag, running_plan, uploaded_history
from tests.services.treatments import AGAIN, DIED, ENDED, MOVED, change, day, flags_of, mg, titles
from titration.domain.assess import assess
from titration.domain.banner import banner_of
from titration.domain.case import case_from
from titration.domain.errors import DomainError
from titration.domain.guidance import load_guidance
from titration.domain.history import prescribed_history
from titration.domain.record import IntakeKind, TreatmentState
from titration.models import Flag, FlagEvent, Membership, Patient, TreatmentChange
from titration.selectors import patient_record
from titration.selectors.sparklines import read_sparklines
from titration.selectors.waiting import read_waiting
from titration.selectors.worklist import worklist
from titration.services.corrections import mark_entered_in_error
from titration.services.drafts import IntakeDraft
from titration.services.errors import AnswerNeeded
from titration.services.history_import import import_history
from titration.services.intake import record_intake
from titration.services.plans import sign_plan
from titration.services.reassessment import patients_due, reassess_patient
from titration.services.reviews import plan_review


def test_an_end_at_60_mg_is_the_stop_it_is(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -1)
    assert mg(patient, -2, -1, 0, 40) == [60, 60, 0, 0]
    assert mg(patient, -1, 0, 40, of=prescribed_history) == [60, 0, 0]
    assert "W1 critical" in titles(patient)
    assert Flag.objects.get(patient=patient, code="W1").state == "accepted"
    assert patient.treatment_status == "ended"


def test_an_end_asks_before_it_is_saved(alice: Membership, patient: Patient) -> None:
    with pytest.raises(AnswerNeeded) as needed:
        change(alice, patient, ENDED, answer=None)
    assert {finding.code for finding in needed.value.findings} == {"W1"}
    patient.refresh_from_db()
    assert patient.treatment_status == "under_treatment"
    assert not TreatmentChange.objects.exists()


def test_what_was_last_taken_counts_for_its_day(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -1, last_mcg=20_000)
    assert mg(patient, -2, -1, 0) == [60, 20, 0]


def test_the_end_of_a_taper_raises_nothing(alice: Membership) -> None:
    patient = make_patient(alice, takes=regimen(0), since=day(-30))
    change(alice, patient, ENDED, None, last_mcg=None, answer=None)
    assert not Flag.objects.filter(patient=patient, code__startswith="W").exists()
    assert banner_of(patient_record(patient, NOW), today=TODAY, guidance=load_guidance()).mark.startswith(
        "Treatment ended: nothing taken"
    )


def test_a_late_end_says_what_stood_since(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -30)
    assert mg(patient, -30, -29, 0) == [60, 0, 0]
    assert "W1" not in {title[:2] for title in titles(patient)}


def test_handed_over_is_unknown_and_never_zero(alice: Membership, patient: Patient) -> None:
    change(alice, patient, MOVED)
    assert mg(patient, -1, 0, 40) == [60, None, None]
    assert mg(patient, -1, 0, 40, of=prescribed_history) == [60, None, None]
    assert not [title for title in titles(patient) if title.startswith("W")]
    shown = banner_of(patient_record(patient, NOW), today=TODAY, guidance=load_guidance())
    assert shown.mark.replace("\u00a0", " ") == "Handed over to Dr Pine, from 13 Nov 2026"
    assert shown.facts[0].figure == "unknown"


def test_after_a_death_nothing_is_judged(alice: Membership, patient: Patient) -> None:
    critical_flag(alice, patient)
    change(alice, patient, DIED)
    assert titles(patient) == set()
    assert assess(case_from(patient_record(patient, NOW), day(1)), load_guidance()).undecided == ()
    assert mg(patient, 1, 40) == [None, None]
    assert patient.next_assessment_on is None
    assert patients_due(NOW + timedelta(days=30)) == []


def test_open_flags_end_as_facts_with_a_death(alice: Membership, nina: Membership, patient: Patient) -> None:
    flag = critical_flag(alice, patient)
    change(nina, patient, DIED, why="Told by the family")
    flag.refresh_from_db()
    assert (flag.state, flag.accepted_by, flag.get_state_display()) == ("died", None, "ended, the patient died")
    assert FlagEvent.objects.filter(flag=flag).latest("pk").kind == "died"
    assert read_waiting(alice, TODAY).flagged == []


def test_a_death_entered_in_error_leaves_the_record_as_before(alice: Membership, patient: Patient) -> None:
    flag = critical_flag(alice, patient)
    before = flags_of(patient)
    taken, found = mg(patient, -1, 0, 40), titles(patient)
    row = change(alice, patient, DIED)
    mark_entered_in_error(actor=alice, entry=row, reason="Another patient", now=NOW + timedelta(minutes=5))
    patient.refresh_from_db()
    row.refresh_from_db()
    assert flags_of(patient) == before
    assert (mg(patient, -1, 0, 40), titles(patient), patient.treatment_status) == (taken, found, "under_treatment")
    assert (row.status, row.status_by, row.status_reason) == ("entered_in_error", alice.user, "Another patient")
    assert flag.events.latest("pk").kind == "brought_back"


def test_what_was_past_and_unanswered_is_so_again(alice: Membership, patient: Patient) -> None:
    flag = critical_flag(alice, patient)
    later = NOW + timedelta(days=20)
    reassess_patient(patient.pk, later)
    flag.refresh_from_db()
    assert flag.state == "past_unanswered"
    row = change(alice, patient, DIED, 19, now=later)
    mark_entered_in_error(actor=alice, entry=row, reason="Another patient", now=later)
    flag.refresh_from_db()
    assert flag.state == "past_unanswered"


def test_an_end_entered_in_error_is_taken_back_with_its_flags(alice: Membership, patient: Patient) -> None:
    row = change(alice, patient, ENDED, -1)
    mark_entered_in_error(actor=alice, entry=row, reason="Another patient", now=NOW)
    patient.refresh_from_db()
    assert (patient.treatment_status, mg(patient, 0, 40)) == ("under_treatment", [60, 60])
    assert Flag.objects.get(patient=patient, code="W1").state == "corrected"


@pytest.mark.parametrize("kind", [ENDED, MOVED, DIED])
def test_a_plan_stopped_by_an_error_is_held_until_it_is_resumed(
    kind: TreatmentState, alice: Membership, patient: Patient
) -> None:
    plan = running_plan(alice, patient, slow_taper(day(-3)), now=NOW - timedelta(days=4))
    before = mg(patient, -4, -3, 0)
    row = change(alice, patient, kind, last_mcg=55_000) if kind is ENDED else change(alice, patient, kind)
    plan.refresh_from_db()
    assert (plan.state, plan.ended_on) == ("stopped", day(1))
    mark_entered_in_error(actor=alice, entry=row, reason="Another patient", now=NOW)
    plan.refresh_from_db()
    assert (plan.state, plan.held_on, plan.ended_on) == ("held", day(1), None)
    assert mg(patient, -4, -3, 0) == before
    assert mg(patient, 30) == [55]


@pytest.mark.parametrize("kind", [ENDED, MOVED, DIED])
def test_no_duty_is_left_on_the_worklist(kind: TreatmentState, alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient, slow_taper(day(-3)), now=NOW - timedelta(days=4))
    plan_review(actor=alice, patient=patient, due_on=TODAY, now=NOW)
    assert {duty.kind for duty in read_waiting(alice, TODAY).due} == {"review", "step"}
    change(alice, patient, kind, **({"last_mcg": 55_000} if kind is ENDED else {}))
    assert read_waiting(alice, TODAY).due == []


@pytest.mark.parametrize("kind", [ENDED, MOVED])
def test_what_waits_for_an_answer_waits_also_after_the_end(
    kind: TreatmentState, alice: Membership, patient: Patient
) -> None:
    critical_flag(alice, patient)
    on = -1 if kind is ENDED else 0
    change(alice, patient, kind, on)
    over = {ENDED: "Treatment ended", MOVED: "Moved to another clinic"}[kind]
    assert [(row.code, row.over) for row in worklist(alice, NOW).rows if row.kind == "flag"] == [("W1", over)]


@pytest.mark.parametrize(
    ("kind", "on", "totals"),
    [(ENDED, -1, (60, 0)), (MOVED, 0, (60, None)), (DIED, -1, (60, None))],
)
def test_lists_say_what_the_record_says(
    kind: TreatmentState, on: int, totals: tuple[int | None, int | None], alice: Membership, patient: Patient
) -> None:
    change(alice, patient, kind, on)
    spark = read_sparklines([patient.pk], TODAY)[patient.pk].taken[-2:]
    assert tuple(mcg if mcg is None else mcg // 1000 for mcg in spark) == totals
    assert list(totals) == mg(patient, -1, 0)


@pytest.mark.parametrize("kind", [ENDED, MOVED, DIED])
def test_nothing_new_is_ordered_until_the_treatment_is_put_back(
    kind: TreatmentState, alice: Membership, patient: Patient
) -> None:
    upload = uploaded_history(alice, patient)
    plan = make_plan(alice, make_patient(alice), slow_taper())
    drafted = make_plan(alice, patient, slow_taper())
    change(alice, patient, kind)
    orders = (
        lambda: change_dose(alice, patient, regimen(20)),
        lambda: make_plan(alice, patient, slow_taper()),
        lambda: sign_plan(actor=alice, plan=drafted, state_version=1, now=NOW),
        lambda: plan_review(actor=alice, patient=patient, due_on=TODAY, now=NOW),
        lambda: imported(alice, upload),
    )
    for order in orders:
        with pytest.raises(DomainError) as refused:
            order()
        assert (
            "Under treatment again" in refused.value.sentence
            or "Correct an entry" in refused.value.sentence
            or ("stopped" in refused.value.sentence)
        )
    assert plan.state == "draft"


def imported(alice: Membership, upload: Any) -> Any:
    return import_history(actor=alice, draft=upload, choices=CHOICES, now=NOW)


def test_put_back_a_dose_is_prescribed_again(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -3)
    change(alice, patient, AGAIN, 0, now=NOW + timedelta(minutes=1))
    assert (patient.treatment_status, mg(patient, -3, -2, 0, 40)) == ("under_treatment", [60, 0, 0, 0])
    change_dose(alice, patient, regimen(5), now=NOW + timedelta(minutes=2))
    assert mg(patient, -1, 0, 40) == [0, 5, 5]


def test_who_comes_back_is_unknown_until_a_dose_is_saved(alice: Membership, patient: Patient) -> None:
    change(alice, patient, MOVED, -10)
    change(alice, patient, AGAIN, 0, now=NOW + timedelta(minutes=1))
    assert mg(patient, -11, -10, 0, 40) == [60, None, None, None]
    change_dose(alice, patient, regimen(5), now=NOW + timedelta(minutes=2))
    assert mg(patient, -1, 0, 40) == [None, 5, 5]


def test_an_old_open_report_does_not_come_back_with_the_treatment(alice: Membership, patient: Patient) -> None:
    empty = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=day(-20))
    record_intake(actor=alice, patient=patient, report=empty, now=NOW - timedelta(days=20))
    change(alice, patient, MOVED, -10)
    change(alice, patient, AGAIN, 0, now=NOW + timedelta(minutes=1))
    change_dose(alice, patient, regimen(5), now=NOW + timedelta(minutes=2))
    assert mg(patient, -11, -10, 0) == [0, None, 5]


def test_a_report_after_the_end_counts_for_its_days(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -3)
    took = IntakeDraft(kind=IntakeKind.DAILY_TOTAL, starts_on=day(-1), daily_mcg=10_000)
    record_intake(actor=alice, patient=patient, report=took, now=NOW + timedelta(minutes=1))
    assert mg(patient, -2, -1, 0) == [0, 10, 0]


def test_coming_doses_and_steps_are_gone(alice: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(20, 20, 15), day(5))
    change(alice, patient, ENDED, 0)
    record = patient_record(patient, NOW)
    assert mg(patient, 1, 5, of=prescribed_history) == [0, 0]
    ahead = banner_of(record, today=TODAY, guidance=load_guidance()).ahead
    assert ahead.replace("\u00a0", " ") == "From 14 Nov: 0 mg/day"


def test_said_again_otherwise_supersedes_what_was_said(alice: Membership, patient: Patient) -> None:
    first = change(alice, patient, ENDED, -5)
    second = change(alice, patient, ENDED, -2, now=NOW + timedelta(minutes=1))
    first.refresh_from_db()
    assert (first.status, first.superseded_by, first.starts_on) == ("superseded", second, day(-4))
    assert mg(patient, -3, -2, -1) == [60, 60, 0]


def test_a_death_after_an_end_stands_beside_it(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -5)
    row = change(alice, patient, DIED, -1, now=NOW + timedelta(minutes=1))
    assert (patient.treatment_status, mg(patient, -6, -4, -1, 0)) == ("died", [60, 0, 0, None])
    mark_entered_in_error(actor=alice, entry=row, reason="Another patient", now=NOW)
    patient.refresh_from_db()
    assert (patient.treatment_status, mg(patient, 0)) == ("ended", [0])


@pytest.mark.parametrize("kind", [ENDED, MOVED])
def test_a_dose_of_the_day_counts_where_the_treatment_goes_on_at_once(
    kind: TreatmentState, alice: Membership, patient: Patient
) -> None:
    change(alice, patient, kind, -1 if kind is ENDED else 0)
    change(alice, patient, AGAIN, 0, now=NOW + timedelta(minutes=1))
    assert mg(patient, -1, 0, of=prescribed_history) == [60, 0 if kind is ENDED else None]
    change_dose(alice, patient, regimen(20, 0, 20), now=NOW + timedelta(minutes=2))
    assert mg(patient, -1, 0, 40, of=prescribed_history) == [60, 40, 40]
    (line,) = read_sparklines([patient.pk], TODAY).values()
    assert (line.prescribed_today, line.taken[-1]) == (40_000, 40_000)


def test_a_plan_is_held_where_an_end_that_was_said_twice_was_an_error(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient)
    change(alice, patient, ENDED, -1)
    row = change(alice, patient, ENDED, -2, now=NOW + timedelta(minutes=1))
    mark_entered_in_error(actor=alice, entry=row, reason="Another patient", now=NOW + timedelta(minutes=2))
    plan.refresh_from_db()
    assert plan.state == "held"


def test_a_return_is_said_otherwise(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -10)
    change(alice, patient, AGAIN, -5, now=NOW + timedelta(minutes=1))
    change_dose(alice, patient, regimen(5), day(-1), now=NOW + timedelta(minutes=2))
    change(alice, patient, AGAIN, -2, now=NOW + timedelta(minutes=3))
    rows = TreatmentChange.objects.filter(kind=AGAIN.value).order_by("pk")
    assert [(row.starts_on, row.status) for row in rows] == [(day(-5), "superseded"), (day(-2), "current")]
    assert mg(patient, -10, -3, -2, -1, of=prescribed_history) == [60, 0, 0, 5]
