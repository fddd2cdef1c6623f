"""Patient details: changed, refused with a sentence, compared where somebody was quicker, counted once."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, make_member
from titration.models import AuditEvent, Membership, Patient, Role
from titration.permissions import SENTENCES, Action

SignIn = Callable[[Membership], Client]


def address(patient: Patient) -> str:
    return reverse("patient_details", args=[patient.public_id])


def typed(patient: Patient, **changes: Any) -> dict[str, Any]:
    usual = {
        "key": uuid4(),
        "version": "0",
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "birth_date": "1968-03-12",
        "identifier": patient.identifier,
        "sex": "unknown",
        "weight_kg": "",
        "indication": patient.indication,
        "exposure_months": "24",
        "intrathecal_pump": "unknown",
        "responsible": "",
    }
    return {**usual, **changes}


def test_what_was_told_is_changed_and_shown(
    as_member: SignIn, nina: Membership, alice: Membership, patient: Patient
) -> None:
    client = as_member(nina)
    page = reverse("patient", args=[patient.public_id])
    assert f'href="{address(patient)}">Weight</a>' in client.get(page).content.decode()
    changes = {
        "weight_kg": "72.5",
        "exposure_months": "60",
        "intrathecal_pump": "no",
        "responsible": str(alice.pk),
        "indication": "alcohol_dependence",
    }
    response = client.post(address(patient), typed(patient, **changes))
    assert response.status_code == 302
    shown = client.get(response.url).content.decode()
    for words in ("72.5\u00a0kg", "60 months of treatment", "Alice Ames", "<dd>No</dd>"):
        assert words in shown
    again = client.get(address(patient)).content.decode()
    assert 'value="72.5"' in again
    assert 'name="version" value="1"' in again
    event = AuditEvent.objects.get(action="patient.changed")
    assert event.detail == {"changed": ["exposure_months", "indication", "intrathecal_pump", "responsible", "weight_g"]}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weight_kg": "72,5"}, "Write the weight in kg"),
        ({"weight_kg": "0.1"}, "Check the weight"),
        ({"exposure_months": "2 years"}, "Write whole months in digits"),
        ({"exposure_months": "9999"}, "Check the months of treatment"),
        ({"indication": ""}, "Choose what baclofen is taken for."),
        ({"birth_date": "2026-11-14"}, "Check the date of birth"),
        ({"responsible": "999999"}, "999999 is not one of the available choices"),
    ],
)
def test_what_is_refused_says_what_to_do_and_keeps_what_was_typed(
    as_member: SignIn, nina: Membership, patient: Patient, changes: dict[str, str], sentence: str
) -> None:
    response = as_member(nina).post(address(patient), typed(patient, given_name="Margot", **changes))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert 'value="Margot"' in response.content.decode()
    patient.refresh_from_db()
    assert (patient.version, patient.given_name) == (0, "Margaret")


def test_a_clinician_alone_is_responsible_and_who_left_is_kept(
    as_member: SignIn, alice: Membership, nina: Membership, charlie: Membership, patient: Patient
) -> None:
    left = make_member(alice.clinic, Role.CLINICIAN, name="Lena Left", disabled_at=NOW)
    client = as_member(nina)
    shown = client.get(address(patient)).content.decode()
    assert "Alice Ames" in shown
    assert all(name not in shown for name in (">Nina Nash</option>", "Charlie Chase", "Lena Left"))
    for other in (charlie, nina, left):
        assert client.post(address(patient), typed(patient, responsible=str(other.pk))).status_code == 422
    Patient.objects.filter(pk=patient.pk).update(responsible=left)
    assert client.post(address(patient), typed(patient, responsible=str(left.pk))).status_code == 302


def test_a_double_click_changes_once(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    client, form = as_member(nina), typed(patient, weight_kg="70")
    assert [client.post(address(patient), form).status_code for _ in range(2)] == [302, 302]
    patient.refresh_from_db()
    assert (patient.version, patient.weight_g) == (1, 70_000)
    assert AuditEvent.objects.filter(action="patient.changed").count() == 1


def test_who_was_slower_sees_both_and_decides_again(
    as_member: SignIn, nina: Membership, paul: Membership, patient: Patient
) -> None:
    as_member(nina).post(address(patient), typed(patient, weight_kg="70"))
    client, slower = as_member(paul), typed(patient, weight_kg="68.5")
    conflict = client.post(address(patient), slower)
    shown = conflict.content.decode()
    assert conflict.status_code == 409
    assert "Somebody changed these details meanwhile" in shown
    assert '<dt>Weight</dt><dd class="differs">68.5</dd>' in shown
    assert '<dt>Weight</dt><dd class="differs">70</dd>' in shown
    assert 'name="version" value="1"' in shown
    assert 'value="68.5"' in shown
    patient.refresh_from_db()
    assert patient.weight_g == 70_000
    assert client.post(address(patient), {**slower, "version": "1"}).status_code == 302
    patient.refresh_from_db()
    assert (patient.version, patient.weight_g) == (2, 68_500)


def test_a_form_without_its_version_is_refused(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    for version in ("", "-1", "x", "9" * 30):
        assert as_member(nina).post(address(patient), typed(patient, version=version)).status_code == 422


def test_a_reader_sees_why_not(as_member: SignIn, bob: Membership, patient: Patient) -> None:
    client = as_member(bob)
    assert SENTENCES[Action.CHANGE_PATIENT] in client.get(address(patient)).content.decode()
    assert client.post(address(patient), typed(patient)).status_code == 403


def test_another_clinic_finds_nothing(as_member: SignIn, charlie: Membership, patient: Patient) -> None:
    client = as_member(charlie)
    assert client.get(address(patient)).status_code == 404
    assert client.post(address(patient), typed(patient)).status_code == 404
