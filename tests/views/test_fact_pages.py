"""What the rules use, a page for each kind: added, ended, given its note, refused with a sentence, struck out."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY
from titration.domain.record import EntryStatus
from titration.models import Flag, Membership, Patient, PatientFact
from titration.permissions import SENTENCES, Action
from titration.services.dispensing import record_dispensing
from titration.services.interruptions import record_interruption
from titration.services.medicines import record_medicine

SignIn = Callable[[Membership], Client]
TYPED = {
    "medicines": {"code": "gabapentinoid", "since": "2020-05-01", "note": "pregabalin"},
    "kidney": {"egfr": "44.5", "on": "2026-11-02"},
    "interruptions": {"code": "surgery", "first_on": "2026-11-20", "last_on": "2026-11-22"},
    "supply": {"product": "tablet-10-halves", "quantity": "84", "on": "2026-11-13"},
}
SHOWN = {
    "medicines": ("Gabapentinoid (depressant)", "pregabalin"),
    "kidney": ("eGFR\u00a044.5", "Of 2\u00a0Nov\u00a02026"),
    "interruptions": ("Surgery 20\u00a0Nov to 22\u00a0Nov, no continuity note",),
    "supply": ("84 tablets of 10\u00a0mg", "last to 10\u00a0Dec\u00a02026"),
}


def address(name: str, patient: Patient, *ids: object) -> str:
    return reverse(name, args=[patient.public_id, *ids])


@pytest.mark.parametrize("name", TYPED)
def test_is_added_by_a_nurse_or_a_pharmacist_and_shown(
    as_member: SignIn, nina: Membership, paul: Membership, patient: Patient, name: str
) -> None:
    for member in (nina, paul):
        response = as_member(member).post(address(name, patient), {"key": uuid4(), **TYPED[name]})
        assert response.status_code == 302
    for shown in (as_member(nina).get(address(name, patient)), as_member(nina).get(address("patient", patient))):
        assert SHOWN[name][0] in shown.content.decode()
    assert all(words in as_member(nina).get(address(name, patient)).content.decode() for words in SHOWN[name])


@pytest.mark.parametrize("name", TYPED)
def test_a_reader_sees_why_not(as_member: SignIn, bob: Membership, patient: Patient, name: str) -> None:
    client = as_member(bob)
    assert SENTENCES[Action.LOG] in client.get(address(name, patient)).content.decode()
    assert client.post(address(name, patient), {"key": uuid4(), **TYPED[name]}).status_code == 403


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("medicines", {"code": "tea"}, "tea is not one of the available choices"),
        ("medicines", {"code": ""}, "Choose one from the list."),
        ("medicines", {"since": "01/05/2020"}, "Write the date as year-month-day"),
        ("medicines", {"since": "2026-11-14"}, "choose a date that is not in the future"),
        ("kidney", {"egfr": ""}, "Write a number in digits"),
        ("kidney", {"egfr": "1e2"}, "Write a number in digits"),
        ("kidney", {"egfr": "44,5"}, "Write a number in digits"),
        ("kidney", {"egfr": "٤٤"}, "Write a number in digits"),
        ("kidney", {"egfr": "201"}, "Check the eGFR"),
        ("kidney", {"on": "2026-11-14"}, "choose a date that is not in the future"),
        ("interruptions", {"first_on": ""}, "Fill this in."),
        ("interruptions", {"last_on": "2026-11-19"}, "the end is before the beginning"),
        ("supply", {"quantity": "84.5"}, "Write whole tablets"),
        ("supply", {"quantity": "-84"}, "Write a number in digits"),
        ("supply", {"quantity": "0"}, "Check the quantity"),
        ("supply", {"quantity": "99999"}, "Check the quantity"),
        ("supply", {"product": ""}, "Choose one from the list."),
    ],
)
def test_what_is_refused_says_what_to_do(
    as_member: SignIn, nina: Membership, patient: Patient, name: str, typed: dict[str, str], sentence: str
) -> None:
    response = as_member(nina).post(address(name, patient), {"key": uuid4(), **TYPED[name], **typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not PatientFact.objects.exists()


def test_unknown_is_shown_as_unknown(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = as_member(alice).get(address("patient", patient)).content.decode()
    for label in ("Conditions", "Medicines", "Kidney", "Interruptions", "Tablets"):
        assert f'{label}</a></dt><dd class="unknown">unknown</dd>' in shown


def test_a_medicine_is_ended(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    entry = record_medicine(actor=nina, patient=patient, code="lithium", now=NOW)
    client, end = as_member(nina), address("medicine_end", patient, entry.public_id)
    refused = client.post(end, {"until": "12/11/2026"})
    assert refused.status_code == 422
    assert 'value="12/11/2026"' in refused.content.decode()
    assert client.post(end, {"until": "2026-11-14"}).status_code == 422
    assert client.post(end, {"until": "2026-11-12"}).status_code == 302
    assert "No other medicine on file" in client.get(address("medicines", patient)).content.decode()
    assert client.post(end, {"until": "2026-11-12"}).status_code == 409


def test_an_interruption_is_given_its_note(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    entry = record_interruption(
        actor=nina, patient=patient, code="surgery", first_on=TODAY + timedelta(days=5), now=NOW
    )
    client, note = as_member(nina), address("interruption_note", patient, entry.public_id)
    assert client.post(note, {"note": ""}).status_code == 422
    assert client.post(note, {"note": "Oral solution by tube"}).status_code == 302
    assert "continuity note on file" in client.get(address("patient", patient)).content.decode()


@pytest.mark.parametrize("kind", ["condition", "kidney", "supply"])
def test_a_fact_is_found_under_its_own_kind_alone(
    as_member: SignIn, nina: Membership, patient: Patient, kind: str
) -> None:
    entry = record_medicine(actor=nina, patient=patient, code="lithium", now=NOW)
    client = as_member(nina)
    assert client.get(address("entry_in_error", patient, kind, entry.public_id)).status_code == 404
    assert client.post(address("condition_end", patient, entry.public_id), {"until": "2026-11-12"}).status_code == 404


def test_a_dispensing_in_error_no_longer_counts(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    entry = record_dispensing(
        actor=nina, patient=patient, product="tablet-10-halves", quantity=Fraction(6), on=TODAY, now=NOW
    )
    client = as_member(nina)
    error = address("entry_in_error", patient, "supply", entry.public_id)
    assert "6 tablets of 10\u00a0mg" in client.get(error).content.decode()
    assert client.post(error, {"reason": "Another patient"}).status_code == 302
    patient.refresh_from_db()
    assert patient.runs_out_on is None
    assert Flag.objects.get(code="W8").state == "corrected"
    assert PatientFact.objects.get().status == EntryStatus.ENTERED_IN_ERROR


def test_the_supply_and_the_surgery_are_drawn(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    on = TODAY - timedelta(days=30)
    record_dispensing(actor=nina, patient=patient, product="tablet-10-halves", quantity=Fraction(84), on=on, now=NOW)
    record_interruption(actor=nina, patient=patient, code="surgery", first_on=TODAY + timedelta(days=5), now=NOW)
    shown = as_member(nina).get(address("patient", patient)).content.decode()
    assert ">Supply</text>" in shown
    assert "empty since 28\u00a0Oct" in shown
    assert ">surgery</text>" in shown
