"""A new patient, conditions, and entries marked as entered in error."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, change_dose, regimen
from titration.domain.record import EntryStatus
from titration.models import Flag, Membership, Patient, PatientFact, SedationReport
from titration.permissions import SENTENCES, Action
from titration.services.drafts import SedationDraft
from titration.services.reports import record_sedation

SignIn = Callable[[Membership], Client]
ASHDOWN = {
    "family_name": "Ashdown",
    "given_name": "Margaret",
    "birth_date": "1968-03-12",
    "identifier": "SP-0417",
    "sex": "female",
    "indication": "ms_spinal_spasticity",
    "intrathecal_pump": "unknown",
    "morning": "20",
    "midday": "20",
    "evening": "20",
    "bedtime": "0",
    "since": "2026-08-24",
    "conditions": ["seizure_disorder"],
}


def register(client: Client, **typed: Any) -> Any:
    return client.post(reverse("new_patient"), {"key": uuid4(), **ASHDOWN, **typed})


def test_a_registered_patient_has_regimen_and_conditions_at_once(as_member: SignIn, nina: Membership) -> None:
    client = as_member(nina)
    response = register(client)
    assert response.status_code == 302, response.context["form"].errors
    shown = client.get(response.url).content.decode()
    assert "day 82" in shown
    assert "As told at registration" in shown
    assert "Seizure disorder" in shown


def test_a_regimen_is_asked_for_and_never_guessed(as_member: SignIn, nina: Membership) -> None:
    shown = as_member(nina).get(reverse("new_patient")).content.decode()
    assert 'name="morning"' in shown
    assert 'name="morning" value' not in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"birth_date": "12/03/1968"}, "Write the date as year-month-day"),
        ({"birth_date": "2026-11-14"}, "Check the date of birth"),
        ({"morning": "200.1"}, "a higher daily total is refused"),
        ({"since": "2026-11-14"}, "choose a date that is not in the future"),
        ({"since": "1960-01-01"}, "before the patient was born"),
        ({"indication": ""}, "Choose what baclofen is taken for."),
        ({"weight_kg": "0.1"}, "Check the weight"),
        ({"exposure_months": "9999"}, "Check the months of treatment"),
    ],
)
def test_what_is_refused_says_what_to_do_and_keeps_what_was_typed(
    as_member: SignIn, nina: Membership, typed: dict[str, str], sentence: str
) -> None:
    response = register(as_member(nina), **typed)
    shown = response.content.decode()
    assert response.status_code == 422
    assert sentence in shown
    assert 'value="SP-0417"' in shown
    assert not Patient.objects.exists()


def test_an_identifier_is_used_once_a_clinic(as_member: SignIn, nina: Membership) -> None:
    client = as_member(nina)
    register(client)
    assert "Another patient of this clinic has this identifier." in register(client).content.decode()
    assert Patient.objects.count() == 1


def test_a_double_click_registers_once(as_member: SignIn, nina: Membership) -> None:
    client, key = as_member(nina), uuid4()
    addresses = {register(client, key=key).url for _ in range(2)}
    assert len(addresses) == Patient.objects.count() == 1


def test_a_reader_registers_no_one(as_member: SignIn, bob: Membership) -> None:
    client = as_member(bob)
    assert SENTENCES[Action.REGISTER_PATIENT] in client.get(reverse("new_patient")).content.decode()
    assert register(client).status_code == 403


def test_a_condition_is_added_and_ended(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    client = as_member(nina)
    typed = {"key": uuid4(), "code": "psychosis", "since": "2020-05-01", "note": "By letter"}
    assert client.post(reverse("conditions", args=[patient.public_id]), typed).status_code == 302
    entry = PatientFact.objects.get()
    end = reverse("condition_end", args=[patient.public_id, entry.public_id])
    refused = client.post(end, {"until": "01/11/2026"})
    assert refused.status_code == 422
    assert 'value="01/11/2026"' in refused.content.decode()
    assert client.post(end, {"until": "2026-11-12"}).status_code == 302
    assert PatientFact.objects.get(status=EntryStatus.CURRENT).until is not None


def test_a_condition_of_no_list_is_refused(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    typed = {"key": uuid4(), "code": "bad_luck"}
    response = as_member(nina).post(reverse("conditions", args=[patient.public_id]), typed)
    assert response.status_code == 422


@pytest.fixture
def wrong(alice: Membership, patient: Patient) -> SedationReport:
    return record_sedation(actor=alice, patient=patient, report=SedationDraft(at=NOW, grade=4), now=NOW)


def error_url(patient: Patient, kind: str, entry: Any) -> str:
    return reverse("entry_in_error", args=[patient.public_id, kind, entry.public_id])


def test_marking_an_error_keeps_the_entry_and_ends_its_flag(
    as_member: SignIn, nina: Membership, patient: Patient, wrong: SedationReport
) -> None:
    client = as_member(nina)
    assert "cannot be roused" in client.get(error_url(patient, "sedation", wrong)).content.decode()
    response = client.post(error_url(patient, "sedation", wrong), {"reason": "Another patient"})
    assert response.status_code == 302
    wrong.refresh_from_db()
    assert (wrong.status, wrong.status_reason) == ("entered_in_error", "Another patient")
    assert Flag.objects.get(code="S1").state == "corrected"
    again = client.get(error_url(patient, "sedation", wrong)).content.decode()
    assert "This entry no longer counts" in again


def test_an_error_needs_its_reason(
    as_member: SignIn, nina: Membership, patient: Patient, wrong: SedationReport
) -> None:
    response = as_member(nina).post(error_url(patient, "sedation", wrong), {"reason": " "})
    assert response.status_code == 422
    assert "Say what is wrong with this entry." in response.content.decode()


def test_two_people_correct_one_entry(
    as_member: SignIn, nina: Membership, patient: Patient, wrong: SedationReport
) -> None:
    client = as_member(nina)
    client.post(error_url(patient, "sedation", wrong), {"reason": "Another patient"})
    assert client.post(error_url(patient, "sedation", wrong), {"reason": "Again"}).status_code == 409


def test_a_prescription_is_corrected_by_a_clinician_alone(
    as_member: SignIn, alice: Membership, nina: Membership, patient: Patient
) -> None:
    entry = change_dose(alice, patient, regimen(20, 20, 15), TODAY)
    refused = as_member(nina).post(error_url(patient, "dose", entry), {"reason": "Typed wrong"})
    assert refused.status_code == 403
    assert as_member(alice).post(error_url(patient, "dose", entry), {"reason": "Typed wrong"}).status_code == 302


@pytest.mark.parametrize("kind", ["dose", "nonsense", "symptom"])
def test_an_entry_is_found_under_its_own_kind_alone(
    as_member: SignIn, alice: Membership, patient: Patient, wrong: SedationReport, kind: str
) -> None:
    assert as_member(alice).get(error_url(patient, kind, wrong)).status_code == 404
