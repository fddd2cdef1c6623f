"""A dose change: what is refused, what must be answered, what it supersedes, what it holds."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.factories import NOW, TODAY, change_dose, details, make_patient, regimen, slow_taper
from tests.services.acts import ANSWER, running_plan
from titration.domain.errors import AboveCeiling, DomainError
from titration.models import Flag, Membership, Patient, PlanEvent, RegimenChange, SubmissionKey
from titration.permissions import PermissionRefused
from titration.services.doses import record_dose_change
from titration.services.drafts import CriticalAnswer
from titration.services.errors import AnswerNeeded, Conflict
from titration.services.patients import register_patient


@pytest.mark.parametrize(
    ("starts_on", "sentence"),
    [
        pytest.param(date(1, 1, 1), "before the patient was born", id="year 1"),
        pytest.param(date(9999, 12, 31), "90 days ahead", id="year 9999"),
        pytest.param(date(1968, 3, 11), "before the patient was born", id="the day before birth"),
        pytest.param(TODAY + timedelta(days=91), "90 days ahead", id="91 days ahead"),
        pytest.param(TODAY - timedelta(days=1), "Say why", id="yesterday without a reason"),
    ],
)
def test_refuses_a_date_with_a_sentence(starts_on: date, sentence: str, alice: Membership, patient: Patient) -> None:
    with pytest.raises(DomainError, match=sentence):
        change_dose(alice, patient, regimen(20, 20, 15), starts_on, backdate_reason="")


@pytest.mark.parametrize("days", [0, 90], ids=["today", "90 days ahead"])
def test_takes_a_date(days: int, alice: Membership, patient: Patient) -> None:
    row = change_dose(alice, patient, regimen(20, 20, 15), TODAY + timedelta(days=days), backdate_reason="")
    assert row.status == "current"


def test_the_clinics_own_midnight_decides_what_today_is(alice: Membership, patient: Patient) -> None:
    alice.clinic.time_zone = "Australia/Sydney"
    alice.clinic.save()
    evening = NOW.replace(hour=20)
    with pytest.raises(DomainError, match="Say why"):
        change_dose(alice, patient, regimen(20, 20, 15), TODAY, now=evening, backdate_reason="")


def test_refuses_a_dose_above_the_ceiling(alice: Membership, patient: Patient) -> None:
    with pytest.raises(AboveCeiling, match="200"):
        change_dose(alice, patient, regimen(100, 100, 0.1))
    assert patient.regimenchanges.count() == 1


def test_a_nurse_does_not_prescribe(nina: Membership, patient: Patient) -> None:
    with pytest.raises(PermissionRefused, match="clinician"):
        change_dose(nina, patient, regimen(20, 20, 15))


def test_a_critical_finding_must_be_answered(alice: Membership, patient: Patient) -> None:
    with pytest.raises(AnswerNeeded) as needed:
        change_dose(alice, patient, regimen(0), answer=None)
    assert [finding.code for finding in needed.value.findings] == ["W1"]
    assert patient.regimenchanges.count() == 1
    row = change_dose(alice, patient, regimen(0), answer=ANSWER)
    assert (row.answer_reason, row.answer_comment) == ("supervised", "on the ward")
    assert Flag.objects.get(code="W1").state == "accepted"


def test_an_answer_is_one_of_the_listed_reasons(alice: Membership, patient: Patient) -> None:
    with pytest.raises(DomainError, match="reason"):
        change_dose(alice, patient, regimen(0), answer=CriticalAnswer(reason="because"))


def test_a_harmless_change_needs_no_answer(alice: Membership, patient: Patient) -> None:
    assert change_dose(alice, patient, regimen(20, 20, 15), answer=None).answer_reason == ""


def test_a_second_change_for_a_date_supersedes_the_first(alice: Membership, patient: Patient) -> None:
    first = change_dose(alice, patient, regimen(20, 20, 15))
    second = change_dose(alice, patient, regimen(20, 15, 20))
    first.refresh_from_db()
    assert (first.status, first.superseded_by, first.status_by) == ("superseded", second, alice.user)
    assert patient.regimenchanges.filter(starts_on=TODAY).count() == 2


def test_a_submit_twice_is_one_row(alice: Membership, patient: Patient) -> None:
    key = uuid4()
    first = change_dose(alice, patient, regimen(20, 20, 15), key=key)
    again = change_dose(alice, patient, regimen(20, 20, 15), key=key)
    assert again == first
    assert patient.regimenchanges.filter(starts_on=TODAY).count() == 1
    assert SubmissionKey.objects.count() == 1


def test_a_key_of_somebody_else_conflicts(alice: Membership, charlie: Membership, patient: Patient) -> None:
    key = uuid4()
    change_dose(alice, patient, regimen(20, 20, 15), key=key)
    with pytest.raises(Conflict):
        register_patient(actor=charlie, details=details(), regimen=regimen(5), now=NOW, key=key)


def test_a_refused_form_may_be_sent_again(alice: Membership, patient: Patient) -> None:
    key = uuid4()
    with pytest.raises(AnswerNeeded):
        change_dose(alice, patient, regimen(0), answer=None, key=key)
    assert change_dose(alice, patient, regimen(0), key=key).regimen.daily_mcg == 0


def test_an_unplanned_change_holds_the_running_plan(alice: Membership, patient: Patient) -> None:
    plan = running_plan(alice, patient, slow_taper())
    change_dose(alice, patient, regimen(20, 20, 15), TODAY + timedelta(days=3))
    plan.refresh_from_db()
    assert (plan.state, plan.held_on) == ("held", TODAY + timedelta(days=3))
    assert PlanEvent.objects.filter(plan=plan, kind="held", detail__cause="dose_change").exists()


def test_a_change_never_rewrites_what_was_entered(alice: Membership, patient: Patient) -> None:
    before = RegimenChange.objects.filter(patient=patient).values_list()[0]
    change_dose(alice, patient, regimen(20, 20, 15))
    assert RegimenChange.objects.filter(patient=patient).order_by("pk").values_list()[0] == before


def test_text_is_refused_with_a_sentence(alice: Membership, patient: Patient) -> None:
    for note in ("a\x00b", "x" * 2001):
        with pytest.raises(DomainError, match="note"):
            change_dose(alice, patient, regimen(20, 20, 15), note=note)


def test_treatment_may_start_with_no_baclofen_yet(alice: Membership) -> None:
    patient = make_patient(alice, takes=regimen(0), since=None, exposure_months=0)
    row = patient.regimenchanges.get()
    assert (row.regimen.daily_mcg, row.starts_on, row.as_told) == (0, TODAY, True)
    assert record_dose_change(
        actor=alice, patient=patient, starts_on=TODAY, regimen=regimen(5, 5, 5), reason="titration", now=NOW
    )


def test_an_identifier_is_used_once_a_clinic(alice: Membership, charlie: Membership, patient: Patient) -> None:
    with pytest.raises(DomainError, match="identifier"):
        make_patient(alice, identifier=patient.identifier)
    assert make_patient(charlie, identifier=patient.identifier)
