"""What of the end of a treatment is refused, to whom, and what follows from the rest of its life on file."""

from datetime import timedelta

import pytest

from tests.factories import NOW, change_dose, make_patient, make_plan, regimen, slow_taper
from tests.services.acts import ANSWER, running_plan
from tests.services.treatments import AGAIN, DIED, ENDED, MOVED, change, day, draft, mg
from titration.domain.errors import DomainError
from titration.domain.history import prescribed_history
from titration.domain.planned_doses import planned_history
from titration.domain.record import IntakeKind, TreatmentState
from titration.models import AuditEvent, Flag, Membership, Patient, TreatmentChange
from titration.permissions import PermissionRefused
from titration.services.corrections import mark_entered_in_error
from titration.services.drafts import IntakeDraft, SedationDraft
from titration.services.errors import Conflict
from titration.services.intake import record_intake
from titration.services.plans import hold_plan
from titration.services.reassessment import reassess_patient
from titration.services.reports import record_sedation
from titration.services.treatment import change_treatment

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


def test_a_nurse_takes_no_return_back(alice: Membership, nina: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -3)
    row = change(alice, patient, AGAIN, 0, now=NOW + timedelta(minutes=1))
    with pytest.raises(PermissionRefused, match="Only a clinician ends"):
        mark_entered_in_error(actor=nina, entry=row, reason="Another patient", now=NOW)


def test_no_order_of_before_the_end_comes_back_with_the_treatment(alice: Membership, patient: Patient) -> None:
    coming = change_dose(alice, patient, regimen(20, 20, 15), day(5))
    change(alice, patient, ENDED, -3)
    with pytest.raises(DomainError, match=r"55.mg/day from 18.Nov.2026 was ordered before and would count again"):
        change(alice, patient, AGAIN, 0, now=NOW + timedelta(minutes=1))
    mark_entered_in_error(actor=alice, entry=coming, reason="No longer meant", now=NOW)
    change(alice, patient, AGAIN, 0, now=NOW + timedelta(minutes=2))
    assert mg(patient, 0, 5, 40, of=prescribed_history) == [0, 0, 0]


def test_no_dose_of_a_day_without_treatment_is_saved(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -10)
    change(alice, patient, AGAIN, -2, now=NOW + timedelta(minutes=1))
    for on in (-9, -3):
        with pytest.raises(DomainError, match="would not count"):
            change_dose(alice, patient, regimen(20, 20, 10), day(on), now=NOW + timedelta(minutes=2))
    change_dose(alice, patient, regimen(20, 20, 10), day(-2), now=NOW + timedelta(minutes=2))
    assert mg(patient, -10, -9, -3, -2, 0) == [60, 0, 0, 50, 50]


def test_no_plan_stays_under_way_where_a_return_was_an_error(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -3)
    row = change(alice, patient, AGAIN, 0, now=NOW + timedelta(minutes=1))
    change_dose(alice, patient, regimen(20, 20, 20), now=NOW + timedelta(minutes=2))
    plan = running_plan(alice, patient)
    mark_entered_in_error(actor=alice, entry=row, reason="Another patient", now=NOW + timedelta(minutes=3))
    plan.refresh_from_db()
    patient.refresh_from_db()
    assert (plan.state, patient.treatment_status) == ("stopped", "ended")


def test_no_end_is_moved_before_the_return_that_it_follows(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -20)
    change(alice, patient, AGAIN, -10, now=NOW + timedelta(minutes=1))
    change(alice, patient, ENDED, -3, now=NOW + timedelta(minutes=2))
    with pytest.raises(DomainError, match="before the change that stands"):
        change(alice, patient, ENDED, -15, now=NOW + timedelta(minutes=3))


def test_a_nurse_calls_off_no_coming_dose(alice: Membership, nina: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(0))
    change_dose(alice, patient, regimen(10), day(3), now=NOW + timedelta(minutes=1))
    with pytest.raises(PermissionRefused, match="Only a clinician ends"):
        change(nina, patient, ENDED, -1, answer=None)
