"""Reports and registration: what a date, a code or a figure must be."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import NOW, TODAY, change_dose, make_patient, regimen
from titration.domain.errors import DomainError
from titration.domain.record import IntakeKind, SymptomList
from titration.models import Flag, Membership, Patient
from titration.services.drafts import IntakeDraft, ScoresDraft, SedationDraft, SymptomsDraft
from titration.services.intake import record_intake
from titration.services.reports import end_symptom, record_scores, record_sedation, record_symptoms

TOMORROW = TODAY + timedelta(days=1)
BEFORE_BIRTH = date(1968, 3, 11)


def symptoms(**changes: Any) -> SymptomsDraft:
    return SymptomsDraft(
        **{"symptom_list": SymptomList.ADVERSE_EFFECT, "codes": ("nausea",), "onset_on": TODAY, **changes}
    )


def intake(**changes: Any) -> IntakeDraft:
    return IntakeDraft(**{"kind": IntakeKind.UNKNOWN, "starts_on": TODAY, **changes})


REFUSED = {
    "sedation from the future": (record_sedation, SedationDraft(at=NOW + timedelta(seconds=1), grade=1), "future"),
    "sedation before birth": (record_sedation, SedationDraft(at=NOW.replace(year=1960), grade=1), "born"),
    "sedation of grade 5": (record_sedation, SedationDraft(at=NOW, grade=5), "0 to 4"),
    "sedation told by nobody": (record_sedation, SedationDraft(at=NOW, grade=1, source="rumour"), "listed"),
    "an effect that is not on the list": (record_symptoms, symptoms(codes=("joy",)), "list"),
    "no effect at all": (record_symptoms, symptoms(codes=()), "at least one"),
    "a sign on the list of effects": (record_symptoms, symptoms(codes=("hallucinations",)), "list"),
    "other without words": (record_symptoms, symptoms(codes=("other",)), "few words"),
    "an onset tomorrow": (record_symptoms, symptoms(onset_on=TOMORROW), "future"),
    "an end before the onset": (record_symptoms, symptoms(ended_on=TODAY - timedelta(days=1)), "end is before"),
    "no score": (record_scores, ScoresDraft(at=NOW, values={}), "at least one"),
    "a score of 11": (record_scores, ScoresDraft(at=NOW, values={"pain": "11"}), "list"),
    "an unknown scale": (record_scores, ScoresDraft(at=NOW, values={"mood": "1"}), "list"),
    "intake tomorrow": (record_intake, intake(starts_on=TOMORROW), "future"),
    "intake until tomorrow": (record_intake, intake(ends_on=TOMORROW), "future"),
    "intake before birth": (record_intake, intake(starts_on=BEFORE_BIRTH), "born"),
    "intake that ends before it begins": (record_intake, intake(ends_on=TODAY - timedelta(days=1)), "end is before"),
    "times of day without doses": (record_intake, intake(kind=IntakeKind.BY_TIME), "each time of day"),
    "a total without a figure": (record_intake, intake(kind=IntakeKind.DAILY_TOTAL), "total"),
    "missed doses without how many": (
        record_intake, intake(kind=IntakeKind.MISSED, regimen=regimen(20)), "how many"),
    "more missed than due": (
        record_intake, intake(kind=IntakeKind.MISSED, regimen=regimen(20), missed=4, due=3), "no more"),
    "an end that goes on": (record_intake, intake(ends_on=TODAY, goes_on=True), "say two things"),
    "a last dose tomorrow": (record_intake, intake(last_dose_at=NOW + timedelta(hours=1)), "future"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name: str, alice: Membership, patient: Patient) -> None:
    write, report, sentence = REFUSED[name]
    with pytest.raises(DomainError, match=sentence) as refused:
        write(actor=alice, patient=patient, report=report, now=NOW)
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("changes", "ends_on"),
    [
        pytest.param({"kind": IntakeKind.MISSED, "regimen": regimen(20, 0, 20), "missed": 1, "due": 3}, TODAY,
                     id="a missed dose lasts its day"),
        pytest.param({"kind": IntakeKind.DAILY_TOTAL, "daily_mcg": 40_000}, TODAY, id="another total lasts its day"),
        pytest.param({"kind": IntakeKind.BY_TIME, "regimen": regimen(10)}, TODAY, id="doses by time last their day"),
        pytest.param({"kind": IntakeKind.BY_TIME, "regimen": regimen(10), "goes_on": True}, None,
                     id="unless it goes on"),
        pytest.param({"kind": IntakeKind.RAN_OUT}, None, id="an empty box goes on"),
        pytest.param({"kind": IntakeKind.STOPPED}, None, id="a stop goes on"),
        pytest.param({"kind": IntakeKind.UNKNOWN}, None, id="what is not known goes on"),
        pytest.param({"kind": IntakeKind.AS_PRESCRIBED}, None, id="as prescribed again goes on"),
        pytest.param({"kind": IntakeKind.RAN_OUT, "ends_on": TODAY}, TODAY, id="unless it ended"),
    ],
)  # fmt: skip
def test_a_report_lasts_as_its_kind_does(
    changes: dict[str, Any], ends_on: date | None, nina: Membership, patient: Patient
) -> None:
    assert record_intake(actor=nina, patient=patient, report=intake(**changes), now=NOW).ends_on == ends_on


def test_each_symptom_is_a_row_of_its_own(nina: Membership, patient: Patient) -> None:
    signs = symptoms(symptom_list=SymptomList.WITHDRAWAL_SIGN, codes=("anxiety", "hallucinations"))
    rows = record_symptoms(actor=nina, patient=patient, report=signs, now=NOW)
    assert [(row.code, row.severity) for row in rows] == [("anxiety", "mild"), ("hallucinations", "severe")]


def test_taken_above_the_ceiling_is_recorded_and_flagged(nina: Membership, patient: Patient) -> None:
    report = intake(kind=IntakeKind.DAILY_TOTAL, daily_mcg=260_000, ends_on=TODAY)
    record_intake(actor=nina, patient=patient, report=report, now=NOW)
    assert Flag.objects.get(code="T3").severity == "critical"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"birth_date": TOMORROW}, "date of birth"),
        ({"birth_date": date(1, 1, 1)}, "date of birth"),
        ({"since": TOMORROW}, "future"),
        ({"since": BEFORE_BIRTH}, "born"),
        ({"indication": "headache"}, "indication"),
        ({"family_name": "  "}, "family name"),
        ({"family_name": "x" * 81}, "Shorten"),
        ({"given_name": "a\x00"}, "unprintable"),
        ({"takes": regimen(200, 0.1)}, "200"),
        ({"conditions": ("hiccups",)}, "condition"),
        ({"sex": "other"}, "sex"),
        ({"weight_g": 1}, "weight"),
    ],
)
def test_registration_refuses(changes: dict[str, Any], sentence: str, alice: Membership) -> None:
    with pytest.raises(DomainError, match=sentence):
        make_patient(alice, **changes)
    assert not Patient.objects.exists()


def test_a_responsible_clinician_is_of_the_same_clinic(alice: Membership, charlie: Membership) -> None:
    with pytest.raises(DomainError, match="this clinic"):
        make_patient(alice, responsible=charlie)


def test_registers_what_is_told(nina: Membership) -> None:
    patient = make_patient(nina, since=TODAY - timedelta(days=5), exposure_months=None, conditions=("psychosis",))
    row = patient.regimenchanges.get()
    assert (row.as_told, row.starts_on, patient.exposure_months) == (True, TODAY - timedelta(days=5), None)
    assert patient.patientfacts.get().code == "psychosis"


def test_an_end_is_a_new_entry_and_the_open_one_stays(alice: Membership, nina: Membership, patient: Patient) -> None:
    report = symptoms(onset_on=TODAY - timedelta(days=5), note="As told")
    (entry,) = record_symptoms(actor=alice, patient=patient, report=report, now=NOW)
    row = end_symptom(actor=nina, entry=entry, ended_on=TODAY - timedelta(days=1), now=NOW)
    entry.refresh_from_db()
    assert (entry.status, entry.superseded_by, entry.ended_on) == ("superseded", row, None)
    assert (row.code, row.onset_on, row.ended_on, row.note, row.recorded_by) == (
        "nausea", entry.onset_on, TODAY - timedelta(days=1), "As told", nina.user,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ended_on", "words"), [(TOMORROW, "future"), (TODAY - timedelta(days=6), "before the beginning")]
)
def test_an_end_lies_between_the_beginning_and_today(
    ended_on: date, words: str, alice: Membership, patient: Patient
) -> None:
    report = symptoms(onset_on=TODAY - timedelta(days=5))
    (entry,) = record_symptoms(actor=alice, patient=patient, report=report, now=NOW)
    with pytest.raises(DomainError, match=words):
        end_symptom(actor=alice, entry=entry, ended_on=ended_on, now=NOW)


def test_what_has_ended_does_not_end_again(alice: Membership, patient: Patient) -> None:
    (entry,) = record_symptoms(actor=alice, patient=patient, report=symptoms(), now=NOW)
    end_symptom(actor=alice, entry=entry, ended_on=TODAY, now=NOW)
    with pytest.raises(DomainError):
        end_symptom(actor=alice, entry=entry, ended_on=TODAY, now=NOW)


def test_the_flag_on_withdrawal_signs_ends_with_the_signs(alice: Membership, patient: Patient) -> None:
    onset = TODAY - timedelta(days=2)
    change_dose(alice, patient, regimen(10, 10, 10), onset)
    report = symptoms(symptom_list=SymptomList.WITHDRAWAL_SIGN, codes=("insomnia", "tremor"), onset_on=onset)
    rows = record_symptoms(actor=alice, patient=patient, report=report, now=NOW)
    flag = Flag.objects.get(patient=patient, code="W7")
    assert flag.state == "open"
    for row in rows:
        end_symptom(actor=alice, entry=row, ended_on=TODAY - timedelta(days=1), now=NOW)
    flag.refresh_from_db()
    assert flag.state in ("resolved", "past_unanswered")
