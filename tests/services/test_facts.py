"""The facts that the rules use: standing ones are context, new ones raise a flag, and an error takes it away."""

from datetime import date, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest

from tests.factories import NOW, TODAY, change_dose, make_patient, regimen
from titration.domain.errors import DomainError
from titration.domain.record import EntryStatus
from titration.models import Flag, Membership, Patient, PatientFact
from titration.selectors import patient_record
from titration.services.conditions import end_condition, record_condition
from titration.services.corrections import mark_entered_in_error
from titration.services.dispensing import record_dispensing
from titration.services.interruptions import record_interruption, write_continuity_note
from titration.services.kidney import record_kidney_reading
from titration.services.medicines import end_medicine, record_medicine
from titration.services.reviews import complete_review, plan_review

TABLETS = "tablet-10-halves"


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def flags(patient: Patient, code: str) -> list[tuple[str, str]]:
    return list(Flag.objects.filter(patient=patient, code=code).order_by("pk").values_list("severity", "state"))


def egfr(actor: Membership, patient: Patient, value: int, on: int = 0, later: int = 0) -> PatientFact:
    at = NOW + timedelta(minutes=later)
    return record_kidney_reading(actor=actor, patient=patient, egfr=Fraction(value), on=day(on), now=at)


def dispense(actor: Membership, patient: Patient, tablets: int, on: int = 0) -> PatientFact:
    return record_dispensing(
        actor=actor, patient=patient, product=TABLETS, quantity=Fraction(tablets), on=day(on), now=NOW
    )


def test_a_medicine_from_long_before_is_context(nina: Membership, patient: Patient) -> None:
    record_medicine(actor=nina, patient=patient, code="lithium", since=date(2020, 5, 1), now=NOW)
    assert flags(patient, "C2") == []


@pytest.mark.parametrize("since", [TODAY, None], ids=["begun today", "since when is unknown"])
def test_a_medicine_that_is_new_raises_a_caution(nina: Membership, patient: Patient, since: date | None) -> None:
    later = NOW + timedelta(days=1)
    record_medicine(actor=nina, patient=patient, code="lithium", since=since, now=later)
    assert flags(patient, "C2") == [("caution", "open")]


def test_an_ended_medicine_ends_its_flag(nina: Membership, patient: Patient) -> None:
    begun = record_medicine(actor=nina, patient=patient, code="lithium", since=day(-1), now=NOW)
    end_medicine(actor=nina, entry=begun, until=day(-1), now=NOW)
    assert flags(patient, "C2") == [("caution", "resolved")]
    assert [entry.status for entry in patient_record(patient, NOW).comedications] == ["superseded", "current"]


def test_a_condition_ticked_at_registration_is_context_and_stays_so_when_it_ends(alice: Membership) -> None:
    patient = make_patient(alice, conditions=("pregnancy",))
    assert flags(patient, "C3") == []
    later = NOW + timedelta(days=3)
    end_condition(actor=alice, entry=patient.patientfacts.get(), until=day(3), now=later)
    assert flags(patient, "C3") == []


def test_a_pregnancy_that_becomes_known_later_is_high(alice: Membership, patient: Patient) -> None:
    record_condition(actor=alice, patient=patient, code="pregnancy", now=NOW + timedelta(days=1))
    assert flags(patient, "C3") == [("high", "open")]


def test_a_like_reading_is_the_same_flag(paul: Membership, patient: Patient) -> None:
    egfr(paul, patient, 45, on=-7)
    egfr(paul, patient, 44)
    assert flags(patient, "R1") == [("caution", "open")]


def test_a_reading_in_a_lower_band_is_a_flag_of_its_own(paul: Membership, patient: Patient) -> None:
    egfr(paul, patient, 45, on=-7)
    egfr(paul, patient, 25)
    assert flags(patient, "R1") == [("caution", "resolved"), ("high", "open")]
    assert flags(patient, "R2") == [("high", "open")]


def test_a_low_reading_from_before_treatment_is_context(paul: Membership, patient: Patient) -> None:
    egfr(paul, patient, 45, on=-90)
    egfr(paul, patient, 44)
    assert flags(patient, "R1") == []


def test_a_rise_with_severely_reduced_function_is_critical(alice: Membership, patient: Patient) -> None:
    egfr(alice, patient, 25, on=-90)
    assert flags(patient, "R1") == []
    change_dose(alice, patient, regimen(20, 20, 25))
    assert flags(patient, "R1") == [("critical", "accepted")], "answered on saving"


def test_the_later_reading_of_a_day_counts(paul: Membership, patient: Patient) -> None:
    egfr(paul, patient, 25)
    egfr(paul, patient, 95, later=5)
    assert flags(patient, "R1") == [("high", "resolved")]


def test_a_reading_in_error_takes_its_flag_away(nina: Membership, patient: Patient) -> None:
    wrong = egfr(nina, patient, 25)
    mark_entered_in_error(actor=nina, entry=wrong, reason="Another patient", now=NOW)
    assert flags(patient, "R1") == [("high", "corrected")]


def test_a_continuity_note_ends_the_flag_of_an_interruption(nina: Membership, patient: Patient) -> None:
    planned = record_interruption(actor=nina, patient=patient, code="surgery", first_on=day(10), now=NOW)
    assert flags(patient, "W8") == [("high", "open")]
    write_continuity_note(actor=nina, entry=planned, note="Oral solution by tube", now=NOW)
    assert flags(patient, "W8") == [("high", "resolved")]


def test_an_interruption_far_ahead_is_judged_when_its_day_comes_near(nina: Membership, patient: Patient) -> None:
    record_interruption(actor=nina, patient=patient, code="surgery", first_on=day(40), now=NOW)
    patient.refresh_from_db()
    assert flags(patient, "W8") == []
    assert patient.next_assessment_on == day(26)


def test_a_dispensing_tells_when_the_tablets_run_out(paul: Membership, patient: Patient) -> None:
    dispense(paul, patient, 84)
    patient.refresh_from_db()
    assert patient.runs_out_on == day(14)
    assert flags(patient, "W8") == []


def test_few_tablets_are_high_until_more_are_dispensed(paul: Membership, patient: Patient) -> None:
    dispense(paul, patient, 17)
    assert flags(patient, "W8") == [("high", "open")]
    dispense(paul, patient, 168)
    assert flags(patient, "W8") == [("high", "resolved")]


def test_tablets_that_end_before_the_next_review_are_a_caution(paul: Membership, patient: Patient) -> None:
    dispense(paul, patient, 84)
    review = plan_review(actor=paul, patient=patient, due_on=day(20), now=NOW)
    assert flags(patient, "W8") == [("caution", "open")]
    complete_review(actor=paul, review=review, now=NOW)
    assert flags(patient, "W8") == [("caution", "resolved")]


@pytest.mark.parametrize(
    ("product", "quantity", "sentence"),
    [
        ("tablet-7", Fraction(10), "Choose the product from the list."),
        (TABLETS, Fraction(5, 2), "Write whole tablets"),
        (TABLETS, Fraction(0), "Check the quantity"),
        (TABLETS, Fraction(10_001), "Check the quantity"),
    ],
)
def test_refuses_a_quantity_nobody_dispenses(
    paul: Membership, patient: Patient, product: str, quantity: Fraction, sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        record_dispensing(actor=paul, patient=patient, product=product, quantity=quantity, on=TODAY, now=NOW)
    assert not PatientFact.objects.exists()


@pytest.mark.parametrize("value", [Fraction(1, 2), Fraction(201)])
def test_refuses_a_reading_nobody_has(paul: Membership, patient: Patient, value: Fraction) -> None:
    with pytest.raises(DomainError, match="Check the eGFR"):
        record_kidney_reading(actor=paul, patient=patient, egfr=value, on=TODAY, now=NOW)


def test_refuses_what_would_be_rounded(paul: Membership, patient: Patient) -> None:
    with pytest.raises(DomainError, match="at most one decimal"):
        record_kidney_reading(actor=paul, patient=patient, egfr=Fraction(1, 3), on=TODAY, now=NOW)


def test_facts_are_of_the_past_and_interruptions_may_be_ahead(nina: Membership, patient: Patient) -> None:
    with pytest.raises(DomainError, match="not in the future"):
        egfr(nina, patient, 45, on=1)
    with pytest.raises(DomainError, match="not in the future"):
        dispense(nina, patient, 84, on=1)
    with pytest.raises(DomainError, match="before the patient was born"):
        record_interruption(actor=nina, patient=patient, code="surgery", first_on=date(1960, 1, 1), now=NOW)
    with pytest.raises(DomainError, match="end is before the beginning"):
        record_interruption(actor=nina, patient=patient, code="surgery", first_on=day(5), last_on=day(4), now=NOW)


def test_a_note_on_continuity_says_something(nina: Membership, patient: Patient) -> None:
    planned = record_interruption(actor=nina, patient=patient, code="fasting", first_on=day(10), now=NOW)
    with pytest.raises(DomainError, match="how baclofen goes on"):
        write_continuity_note(actor=nina, entry=planned, note=" ", now=NOW)


def test_a_form_sent_twice_counts_once(paul: Membership, patient: Patient) -> None:
    key = uuid4()
    for _ in range(2):
        record_medicine(actor=paul, patient=patient, code="opioid", now=NOW, key=key)
    assert PatientFact.objects.filter(status=EntryStatus.CURRENT).count() == 1
