"""Where a treatment stands: an end is the stop it is, a hand-over is unknown, and after a death nobody is asked."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, regimen, slow_taper
from tests.services.acts import ANSWER, CHOICES, critical_flag, running_plan, uploaded_history
from titration.domain.assess import assess
from titration.domain.banner import banner_of
from titration.domain.case import case_from
from titration.domain.errors import DomainError
from titration.domain.guidance import load_guidance
from titration.domain.history import prescribed_history, taken_history
from titration.domain.planned_doses import planned_history
from titration.domain.record import IntakeKind, TreatmentState
from titration.models import AuditEvent, Flag, FlagEvent, Membership, Patient, TreatmentChange
from titration.permissions import PermissionRefused
from titration.selectors import patient_record
from titration.selectors.sparklines import read_sparklines
from titration.selectors.waiting import read_waiting
from titration.selectors.worklist import worklist
from titration.services.corrections import mark_entered_in_error
from titration.services.drafts import IntakeDraft, SedationDraft, TreatmentDraft
from titration.services.errors import AnswerNeeded, Conflict
from titration.services.history_import import import_history
from titration.services.intake import record_intake
from titration.services.plans import hold_plan, sign_plan
from titration.services.reassessment import patients_due, reassess_patient
from titration.services.reports import record_sedation
from titration.services.reviews import plan_review
from titration.services.treatment import change_treatment

ENDED, MOVED, DIED, AGAIN = (
    TreatmentState.ENDED, TreatmentState.MOVED, TreatmentState.DIED, TreatmentState.UNDER_TREATMENT,
)  # fmt: skip


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def draft(kind: TreatmentState, on: int | None = 0, **changes: Any) -> TreatmentDraft:
    usual: dict[str, Any] = {ENDED: {"last_mcg": 60_000}, MOVED: {"handed_to": "Dr Pine"}}.get(kind, {})
    return TreatmentDraft(kind=kind, on=None if on is None else day(on), **{"why": "By letter", **usual, **changes})


def change(
    actor: Membership, patient: Patient, kind: TreatmentState, on: int | None = 0, *, now: datetime = NOW, **more: Any
) -> TreatmentChange:
    answer = more.pop("answer", ANSWER if kind is ENDED else None)
    row = change_treatment(actor=actor, patient=patient, draft=draft(kind, on, **more), now=now, answer=answer)
    patient.refresh_from_db()
    return row


def mg(patient: Patient, *offsets: int, of: Any = taken_history) -> list[int | None]:
    history = of(patient_record(patient, NOW))
    return [None if (mcg := history.on(day(at).toordinal())) is None else mcg // 1000 for at in offsets]


def titles(patient: Patient, on: int = 0) -> set[str]:
    found = assess(case_from(patient_record(patient, NOW), day(on)), load_guidance()).findings
    return {f"{finding.code} {finding.severity.label}" for finding in found}


def flags_of(patient: Patient) -> list[tuple[str, str, str]]:
    return list(Flag.objects.filter(patient=patient).order_by("pk").values_list("code", "state", "severity"))


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


REFUSED = {
    "an end in the future": (draft(ENDED, 1), "future", "on"),
    "a hand-over in the future": (draft(MOVED, 1), "future", "on"),
    "a death in the future": (draft(DIED, 1), "future", "on"),
    "an end before birth": (draft(ENDED, -30_000), "born", "on"),
    "a death before birth": (draft(DIED, -30_000), "born", "on"),
    "an end without its day": (draft(ENDED, None), "last day on which", "on"),
    "an end without its dose": (draft(ENDED, last_mcg=None), "how much", "last_mcg"),
    "a last dose of nothing": (draft(ENDED, last_mcg=0), "how much", "last_mcg"),
    "a hand-over without its day": (draft(MOVED, None), "first day", "on"),
    "a hand-over to nobody": (draft(MOVED, handed_to=" "), "to whom", "handed_to"),
    "a death without its day": (draft(DIED, None), "date of death", "on"),
    "under treatment already": (draft(AGAIN), "already", "kind"),
    "an end before a dose that was reported": (draft(ENDED, -5), "30 mg/day was taken on 10 Nov 2026", ""),
    "a death before a dose that was reported": (draft(DIED, -5), "30 mg/day was taken on 10 Nov 2026", ""),
    "a death before what was seen": (draft(DIED, -2), "about 12 Nov 2026", ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str, alice: Membership, patient: Patient) -> None:
    took = IntakeDraft(kind=IntakeKind.DAILY_TOTAL, starts_on=day(-3), daily_mcg=30_000)
    record_intake(actor=alice, patient=patient, report=took, now=NOW)
    record_sedation(actor=alice, patient=patient, report=SedationDraft(at=NOW - timedelta(days=1), grade=1), now=NOW)
    said, sentence, about = REFUSED[name]
    with pytest.raises(DomainError) as refused:
        change_treatment(actor=alice, patient=patient, draft=said, now=NOW, answer=ANSWER)
    assert sentence in refused.value.sentence.replace("\u00a0", " ")
    assert refused.value.about == about
    assert not TreatmentChange.objects.exists()


@pytest.mark.parametrize("kind", [ENDED, MOVED, DIED])
def test_a_plan_under_way_asks_why(kind: TreatmentState, alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient)
    with pytest.raises(DomainError, match="Say why") as refused:
        change(alice, patient, kind, why=" ")
    assert refused.value.about == "why"
    plan.refresh_from_db()
    assert plan.state == "running"


def test_a_held_plan_is_stopped_and_a_draft_discarded(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient)
    hold_plan(actor=alice, plan=plan, reason="unwell", state_version=plan.state_version, now=NOW)
    make_plan(alice, patient, slow_taper())
    change(alice, patient, DIED)
    assert set(patient.plans.values_list("state", flat=True)) == {"stopped"}


@pytest.mark.parametrize(
    ("kind", "plan", "dose", "may"),
    [
        pytest.param(ENDED, False, 60, False, id="an end orders the doses to stop"),
        pytest.param(ENDED, False, 0, True, id="with nothing prescribed it orders nothing"),
        pytest.param(MOVED, False, 60, True, id="a hand-over is a fact"),
        pytest.param(MOVED, True, 60, False, id="but not with a plan under way"),
        pytest.param(DIED, True, 60, True, id="a death is recorded by anybody"),
    ],
)
def test_who_may(kind: TreatmentState, plan: bool, dose: int, may: bool, alice: Membership, nina: Membership) -> None:
    patient = make_patient(alice, takes=regimen(dose / 3, dose / 3, dose / 3))
    if plan:
        running_plan(alice, patient)
    said = {"on": 0} if dose else {"on": None, "last_mcg": None}
    if may:
        assert change(nina, patient, kind, **said, answer=None).kind == kind.value
        return
    with pytest.raises(PermissionRefused, match="Only a clinician ends"):
        change(nina, patient, kind, **said)


def test_a_nurse_takes_no_end_back(alice: Membership, nina: Membership, patient: Patient) -> None:
    row = change(alice, patient, ENDED)
    with pytest.raises(PermissionRefused, match="Only a clinician ends"):
        mark_entered_in_error(actor=nina, entry=row, reason="Another patient", now=NOW)


def test_who_died_is_put_back_by_a_correction_alone(alice: Membership, patient: Patient) -> None:
    change(alice, patient, DIED)
    with pytest.raises(DomainError, match="correct it in the time line"):
        change(alice, patient, AGAIN)


def test_no_report_is_about_a_day_after_the_death(alice: Membership, patient: Patient) -> None:
    change(alice, patient, DIED, -2)
    with pytest.raises(DomainError, match="choose a day up to then"):
        record_sedation(actor=alice, patient=patient, report=SedationDraft(at=NOW, grade=1), now=NOW)
    earlier = SedationDraft(at=NOW - timedelta(days=3), grade=4)
    assert record_sedation(actor=alice, patient=patient, report=earlier, now=NOW).grade == 4
    assert not Flag.objects.filter(patient=patient, state="open").exists()


def test_who_was_slower_is_told(alice: Membership, patient: Patient) -> None:
    change(alice, patient, MOVED)
    with pytest.raises(Conflict):
        change_treatment(actor=alice, patient=patient, draft=draft(MOVED, -1), version=0, now=NOW)


def test_a_later_day_judges_who_ended_too(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, 0)
    assert patient.next_assessment_on == day(1)
    assert reassess_patient(patient.pk, NOW + timedelta(days=1))
    assert Flag.objects.get(patient=patient, code="W1").severity == "critical"


def test_the_audit_says_what_happened_and_no_words(alice: Membership, patient: Patient) -> None:
    change(alice, patient, MOVED)
    detail = AuditEvent.objects.get(action="treatment.changed").detail
    assert (detail["kind"], detail["starts_on"]) == ("moved", "2026-11-13")
    assert "Dr Pine" not in str(detail)


def test_a_status_of_earlier_days_stays_and_is_said_anew(alice: Membership, patient: Patient) -> None:
    Patient.objects.filter(pk=patient.pk).update(treatment_status="ended")
    patient.refresh_from_db()
    assert mg(patient, 0) == [60]
    change(alice, patient, ENDED, -5)
    assert mg(patient, -5, -4, 0) == [60, 0, 0]


def test_no_plan_outlives_the_treatment(alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient, slow_taper(day(-10)), now=NOW - timedelta(days=11))
    change(alice, patient, ENDED, -6, last_mcg=55_000)
    assert mg(patient, -7, -5, -3, 0, of=planned_history) == [55, None, None, None]
    assert mg(patient, -7, -6, -5, -3, 0) == [55, 55, 0, 0, 0]
