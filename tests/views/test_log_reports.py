"""Logging what was taken and what was felt: every form saves, refuses with a sentence, and knows no future."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW as CLOCK
from titration.domain.history import taken_history
from titration.models import IntakeReport, Membership, Patient, ResponseScore, SedationReport, SymptomReport
from titration.permissions import SENTENCES, Action
from titration.selectors import patient_record

SignIn = Callable[[Membership], Client]
NOW = "2026-11-13 09:00"
GOOD: dict[str, tuple[dict[str, Any], type, int]] = {
    "intake": ({"kind": "missed", "missed_times": ["midday"], "starts_on": "2026-11-12"}, IntakeReport, 1),
    "sedation": ({"grade": "2", "at": NOW, "source": "carer", "falls": "yes"}, SedationReport, 1),
    "effects": ({"codes": ["nausea", "fatigue"], "severity": "mild", "onset_on": "2026-11-12"}, SymptomReport, 2),
    "signs": ({"codes": ["insomnia", "seizure"], "onset_on": "2026-11-13"}, SymptomReport, 2),
    "response": ({"spasticity": "7", "ashworth": "1+", "at": NOW}, ResponseScore, 2),
}
FUTURE = "A report is about the past"


def send(client: Client, patient: Patient, tab: str, /, **typed: Any) -> Any:
    return client.post(reverse(f"log_{tab}", args=[patient.public_id]), {"key": uuid4(), **typed})


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("role", ["alice", "nina", "paul"])
def test_whoever_logs_saves_it(
    as_member: SignIn, patient: Patient, kind: str, role: str, request: pytest.FixtureRequest
) -> None:
    typed, model, count = GOOD[kind]
    response = send(as_member(request.getfixturevalue(role)), patient, kind, **typed)
    assert response.status_code == 302, response.context["form"].errors
    assert model.objects.count() == count  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", GOOD)
def test_a_reader_records_nothing(as_member: SignIn, bob: Membership, patient: Patient, kind: str) -> None:
    typed, model, _ = GOOD[kind]
    response = send(as_member(bob), patient, kind, **typed)
    assert response.status_code == 403
    assert SENTENCES[Action.LOG] in response.content.decode()
    assert not model.objects.exists()  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", GOOD)
def test_a_second_submit_of_one_form_counts_once(
    as_member: SignIn, alice: Membership, patient: Patient, kind: str
) -> None:
    typed, model, count = GOOD[kind]
    client, key = as_member(alice), uuid4()
    for _ in range(2):
        assert send(client, patient, kind, **{**typed, "key": key}).status_code == 302
    assert model.objects.count() == count  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("intake", {"starts_on": "2026-11-14"}, FUTURE),
        ("intake", {"ends_on": "2026-11-14"}, FUTURE),
        ("intake", {"last_dose_at": "2026-11-13 10:00"}, FUTURE),
        ("intake", {"ends_on": "2026-11-11"}, "the end is before the beginning"),
        ("intake", {"ends_on": "2026-11-13", "goes_on": "on"}, "both together say two things"),
        ("intake", {"kind": "by_time", "morning": "1,5"}, "Write a point, not a comma"),
        ("intake", {"starts_on": "1950-01-01", "kind": "stopped"}, "before the patient was born"),
        ("sedation", {"at": "2026-11-13 09:42"}, FUTURE),
        ("sedation", {"at": "13/11/2026 09:00"}, "Write date and time as year-month-day hour:minute"),
        ("sedation", {"grade": ""}, "Choose a grade from 0 to 4."),
        ("effects", {"onset_on": "2026-11-14"}, FUTURE),
        ("effects", {"codes": []}, "Tick at least one."),
        ("effects", {"codes": ["other"]}, "Say in a few words what the other effect is."),
        ("signs", {"onset_on": "2026-11-14"}, FUTURE),
        ("signs", {"codes": ["bad_mood"]}, "Select a valid choice"),
        ("response", {"at": "2026-11-14 09:00"}, FUTURE),
        ("response", {"spasticity": "", "ashworth": ""}, "Write at least one score."),
        ("response", {"note": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_refused_says_what_to_do_and_keeps_what_was_typed(
    as_member: SignIn, alice: Membership, patient: Patient, kind: str, typed: dict[str, Any], sentence: str
) -> None:
    usual, model, _ = GOOD[kind]
    response = send(as_member(alice), patient, kind, **{"note": "Typed with care", **usual, **typed})
    shown = response.content.decode()
    assert response.status_code == 422
    assert sentence in shown
    assert "Typed with care" in shown or "note" in typed
    assert not model.objects.exists()  # type: ignore[attr-defined]


def test_severe_signs_carry_the_emergency_text(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = as_member(alice).get(reverse("log_signs", args=[patient.public_id])).content.decode()
    severe = shown[shown.index('id="signs-severe"') :]
    assert "consider emergency care now" in severe
    assert 'value="seizure"' in severe


def test_a_daily_total_above_the_ceiling_is_recorded_and_raised(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    typed = {"kind": "daily_total", "daily": "250", "starts_on": "2026-11-13"}
    response = send(client, patient, "intake", **typed)
    assert "flag-main is-critical" in client.get(response.url).content.decode()


def test_a_sign_is_ended_on_its_page_and_the_time_line_shows_both(
    as_member: SignIn, nina: Membership, patient: Patient
) -> None:
    client = as_member(nina)
    send(client, patient, "signs", codes=["insomnia"], onset_on="2026-11-11")
    address = reverse("symptoms", args=[patient.public_id])
    assert address in client.get(reverse("log_signs", args=[patient.public_id])).content.decode()
    assert "Sleeplessness" in client.get(address).content.decode()
    end = reverse("symptom_end", args=[patient.public_id, SymptomReport.objects.get().public_id])
    refused = client.post(end, {"ended_on": "2026-11-10"})
    assert refused.status_code == 422
    assert "the end is before the beginning" in refused.content.decode()
    shown = client.get(client.post(end, {"ended_on": "2026-11-12"}).url).content.decode().replace("\u00a0", " ")
    assert "11 Nov to 12 Nov." in shown
    assert "superseded: Ended by a later entry." in shown
    assert "No effect or sign on file goes on." in client.get(address).content.decode()


def test_missed_doses_are_never_called_optional(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = as_member(alice).get(reverse("log_intake", args=[patient.public_id])).content.decode()
    assert "<legend>Missed</legend>" in shown


MISSED_ONE = {"kind": "missed", "missed_times": ["midday"], "starts_on": "2026-11-12"}


def taken_on(patient: Patient, *days: int) -> list[int | None]:
    """mg on days of November 2026."""
    taken = taken_history(patient_record(patient, CLOCK))
    return [None if (mcg := taken.on(date(2026, 11, day).toordinal())) is None else mcg // 1000 for day in days]


def test_one_missed_dose_is_one_day(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    client = as_member(nina)
    answer = send(client, patient, "intake", **MISSED_ONE)
    assert taken_on(patient, 11, 12, 13) == [60, 40, 60]
    shown = client.get(answer["Location"]).content.decode().replace("\u00a0", " ")
    assert "It counts for 12 Nov alone: 40 mg/day." in shown
    assert "From 13 Nov what is prescribed counts as taken again: 60 mg/day." in shown
    assert "on 12 Nov." in shown


def test_ticked_it_goes_on(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    send(as_member(nina), patient, "intake", **MISSED_ONE, goes_on="on")
    assert taken_on(patient, 11, 12, 13) == [60, 40, 40]


@pytest.mark.parametrize("who", ["nina", "bob"])
def test_the_form_says_until_when_before_it_saves(
    as_member: SignIn, patient: Patient, who: str, request: pytest.FixtureRequest
) -> None:
    client = as_member(request.getfixturevalue(who))
    shown = send(client, patient, "intake", **MISSED_ONE, preview="yes").content.decode().replace("\u00a0", " ")
    assert "It counts for 12 Nov alone: 40 mg/day." in shown
    assert not IntakeReport.objects.exists()


@pytest.mark.parametrize(
    ("kind", "words"),
    [("missed", "It counts for its own day alone."), ("ran_out", "It counts from 13 Nov on"), ("", "Choose what was")],
)
def test_a_form_that_is_not_filled_in_says_what_its_kind_does(
    as_member: SignIn, nina: Membership, patient: Patient, kind: str, words: str
) -> None:
    typed = {"kind": kind, "starts_on": "2026-11-13", "preview": "yes"}
    shown = send(as_member(nina), patient, "intake", **typed).content.decode().replace("\u00a0", " ")
    assert words in shown


def test_the_correction_of_a_report_says_what_then_counts_as_taken(
    as_member: SignIn, nina: Membership, patient: Patient
) -> None:
    client = as_member(nina)
    send(client, patient, "intake", kind="ran_out", starts_on="2026-11-12")
    entry = IntakeReport.objects.get()
    shown = client.get(reverse("entry_in_error", args=[patient.public_id, "intake", entry.public_id])).content.decode()
    assert "From 12 Nov 2026 60 mg/day counts as taken then." in shown.replace("\u00a0", " ")
