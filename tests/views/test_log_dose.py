"""Saving a dose change: refused with what was typed kept, answered when critical, counted once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories import TODAY, change_dose, regimen
from tests.services.acts import running_plan
from titration.models import AuditEvent, Membership, Patient, RegimenChange
from titration.permissions import SENTENCES, Action

SignIn = Callable[[Membership], Client]
USUAL = {"starts_on": "2026-11-13", "morning": "20", "midday": "20", "evening": "15", "bedtime": "0", "reason": "other"}
STOP = {"morning": "0", "midday": "0", "evening": "0"}


def send(client: Client, patient: Patient, *, htmx: bool = False, **typed: Any) -> Any:
    headers = {"HX-Request": "true", "HX-Target": "log"} if htmx else {}
    url = reverse("log_dose", args=[patient.public_id])
    return client.post(url, {"key": uuid4(), **USUAL, **typed}, headers=headers)


def told() -> int:
    return RegimenChange.objects.filter(as_told=False).count()


def test_a_saved_change_leads_back_to_the_patient(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    response = send(client, patient, note="As agreed")
    assert response.status_code == 302
    assert response.url == reverse("patient", args=[patient.public_id])
    assert "Dose change saved." in client.get(response.url).content.decode()
    row = RegimenChange.objects.get(as_told=False)
    assert (row.regimen.daily_mcg, row.note, row.recorded_by) == (55_000, "As agreed", alice.user)


def test_htmx_is_led_to_the_whole_page(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    response = send(as_member(alice), patient, htmx=True)
    assert response.headers["HX-Redirect"] == reverse("patient", args=[patient.public_id])


def test_the_form_comes_filled_with_the_regimen_of_today(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    shown = as_member(alice).get(reverse("log_dose", args=[patient.public_id])).content.decode()
    assert 'name="starts_on" value="Fri 13 Nov 2026"' in shown
    assert 'name="evening" value="20"' in shown
    assert 'name="bedtime" value="0"' in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"morning": "1,5"}, "Write a point, not a comma, for example 2.5."),
        ({"morning": ".5"}, "Write a zero before the point, for example 0.5."),
        ({"morning": "1_0"}, "Write the dose in mg with digits and at most one decimal"),
        ({"morning": ""}, "write 0 for none."),
        ({"starts_on": "02/03/2026"}, "Write the date as year-month-day, for example 2026-11-13."),
        ({"starts_on": "2026-02-30"}, "There is no such day in the calendar."),
        ({"starts_on": "1967-01-01"}, "before the patient was born"),
        ({"starts_on": "2027-03-01"}, "at most 90 days ahead"),
        ({"starts_on": "2026-11-01"}, "Say why the change is entered late"),
        ({"reason": ""}, "Choose why the dose changes."),
        ({"reason": "because"}, "Select a valid choice"),
        ({"note": "x" * 2001}, "at most 2000 characters"),
        ({"note": "a\x00b"}, "Remove the character that cannot be seen"),
        ({"morning": "180.1", "midday": "20", "evening": "0"}, "200.1\u00a0mg/day cannot be saved"),
        ({"key": ""}, "Reload the page and fill it in again."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_refused_says_what_to_do_and_keeps_what_was_typed(
    as_member: SignIn, alice: Membership, patient: Patient, typed: dict[str, str], sentence: str, htmx: bool
) -> None:
    response = send(as_member(alice), patient, htmx=htmx, **{"note": "Typed with care", **typed})
    shown = response.content.decode()
    assert response.status_code == 422
    assert sentence in shown
    assert "Typed with care" in shown or "note" in typed
    assert 'value="15"' in shown or "evening" in typed
    assert told() == 0


def test_the_ceiling_itself_can_be_saved(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    typed = {"morning": "100", "midday": "100", "evening": "0", "answer_reason": "supervised"}
    first = send(as_member(alice), patient, **typed)
    assert first.status_code in (302, 422)
    assert "cannot be saved" not in first.content.decode()


def test_a_critical_finding_is_answered_in_place(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    asked = send(client, patient, note="Typed with care", **STOP)
    assert asked.status_code == 422
    assert "This must be answered before it is saved" in asked.content.decode()
    assert "Typed with care" in asked.content.decode()
    assert told() == 0
    digest = asked.context["answers_digest"]
    answer = {"answered_for": digest, "answer_reason": "adverse_reaction"}
    assert send(client, patient, **STOP, **answer).status_code == 302
    assert RegimenChange.objects.get(as_told=False).answer_reason == "adverse_reaction"


def test_the_question_says_why_what_to_consider_and_what_would_clear_it(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    asked = send(as_member(alice), patient, morning="5", midday="0", evening="0")
    shown = asked.content.decode()
    assert "This must be answered before it is saved" in shown
    assert "of the dose before; the limit is" in shown
    assert "Consider contact within 24 to 48" in shown
    assert "What would clear it" in shown
    assert 'name="fill_in"' in shown
    assert [line.severity.label for line in asked.context["answers"]] == ["critical", "high"]
    assert asked.context["also_raised"] == []


def test_the_question_names_beside_it_what_needs_no_answer(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    asked = send(as_member(alice), patient, morning="95", midday="0", evening="0")
    assert [line.severity.label for line in asked.context["answers"]] == ["high"]
    assert [line.severity.label for line in asked.context["also_raised"]] == ["info"]


def test_the_question_still_says_what_changes_what_follows_and_that_the_plan_is_held(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    running_plan(alice, patient)
    asked = send(as_member(alice), patient, **STOP).content.decode().replace("\u00a0", " ")
    question = asked[asked.index("This must be answered before it is saved") :]
    assert "60 → 0 mg/day (−60 mg, −100 %). 0 % of the ceiling." in question
    assert "This holds the running taper (plan 1, version 1)" in question
    assert asked.count("This holds the running taper") == 1


def test_the_question_names_the_later_entry(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(20, 20, 15), TODAY + timedelta(days=20))
    asked = send(as_member(alice), patient, **STOP).content.decode().replace("\u00a0", " ")
    question = asked[asked.index("This must be answered before it is saved") :]
    assert "A later entry stands and follows it from 3 Dec 2026: 0 → 55 mg/day" in question


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"answer_reason": ""}, "Choose a reason, or change the dose."),
        ({"answer_reason": "other"}, "Say in a few words what the other reason is."),
        ({"answer_reason": "none of yours"}, "Select a valid choice"),
    ],
)
def test_an_answer_needs_a_listed_reason(
    as_member: SignIn, alice: Membership, patient: Patient, answer: dict[str, str], sentence: str
) -> None:
    client = as_member(alice)
    digest = send(client, patient, **STOP).context["answers_digest"]
    response = send(client, patient, **STOP, **answer, answered_for=digest)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert told() == 0


def test_an_answer_does_not_cover_another_finding(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    low = {"morning": "3", "midday": "0", "evening": "0"}
    digest = send(client, patient, **low).context["answers_digest"]
    response = send(client, patient, **STOP, answered_for=digest, answer_reason="supervised")
    assert response.status_code == 422
    assert told() == 0


def test_the_clinic_may_set_its_own_reasons(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    alice.clinic.override_reasons = {"ward": "On our ward"}
    alice.clinic.save()
    asked = send(as_member(alice), patient, **STOP).content.decode()
    assert "On our ward" in asked
    assert "Supervised closely" not in asked


def test_a_double_click_saves_once(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client, key = as_member(alice), uuid4()
    responses = [send(client, patient, key=key) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 302]
    assert told() == 1


def test_a_key_of_somebody_else_is_a_conflict_that_keeps_what_was_typed(
    as_member: SignIn, alice: Membership, patient: Patient, charlie: Membership, other_patient: Patient
) -> None:
    key = uuid4()
    send(as_member(alice), patient, key=key)
    response = send(as_member(charlie), other_patient, key=key, note="Typed with care")
    assert response.status_code == 409
    assert "Typed with care" in response.content.decode()


@pytest.mark.parametrize("role", ["nina", "paul", "bob"])
def test_only_a_clinician_prescribes(
    as_member: SignIn, patient: Patient, role: str, request: pytest.FixtureRequest
) -> None:
    response: HttpResponse = send(as_member(request.getfixturevalue(role)), patient)
    assert response.status_code == 403
    assert SENTENCES[Action.PRESCRIBE] in response.content.decode()
    assert told() == 0


def test_what_the_form_does_not_ask_for_is_ignored(
    as_member: SignIn, alice: Membership, patient: Patient, charlie: Membership
) -> None:
    stolen = {
        "recorded_by": charlie.user.pk,
        "status": "superseded",
        "patient_id": 1,
        "as_told": "on",
        "recorded_at": "2020",
    }
    send(as_member(alice), patient, **stolen)
    row = RegimenChange.objects.get(as_told=False)
    assert (row.recorded_by, row.status, row.patient) == (alice.user, "current", patient)


def test_a_request_without_its_token_is_refused(alice: Membership, patient: Patient, clock: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.user, backend="titration.membership.MembershipBackend")
    assert send(client, patient).status_code == 403
    assert send(client, patient, htmx=True).status_code == 403
    assert told() == 0


def test_a_backdated_change_with_its_reason_is_saved(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    day = TODAY - timedelta(days=3)
    response = send(as_member(alice), patient, starts_on=day.isoformat(), backdate_reason="Told today")
    assert response.status_code == 302
    assert RegimenChange.objects.get(as_told=False).starts_on == day


def test_a_refusal_of_the_rules_leaves_its_audit_row(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    send(as_member(alice), patient, morning="300")
    assert AuditEvent.objects.filter(action="refused").exists()


def test_without_a_script_the_preview_is_a_button(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    response = send(as_member(alice), patient, preview="yes", reason="", **STOP)
    shown = response.content.decode()
    assert response.status_code == 200
    assert "If saved, this would raise" in shown
    assert "Abrupt stop" in shown
    assert told() == 0


def test_a_change_that_holds_the_running_plan_says_so_and_it_stands_in_the_time_line(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    running_plan(alice, patient)
    client = as_member(alice)
    shown = client.get(send(client, patient).url).content.decode()
    assert "Dose change saved. Taper 1, version 1, is now held." in shown
    assert "<b>held</b> from 13\u00a0Nov." in shown
    assert "Held by an unplanned dose change." in shown


def test_why_a_change_was_entered_late_stands_in_the_time_line(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, day = as_member(alice), (TODAY - timedelta(days=3)).isoformat()
    form = client.get(reverse("log_dose", args=[patient.public_id])).content.decode()
    label = form[form.index("Why it is entered late") :]
    assert "optional" not in label[: label.index("</label>")]
    answer = send(client, patient, starts_on=day, backdate_reason="Told by letter", note="Agreed")
    assert "Agreed Entered late: Told by letter" in client.get(answer.url).content.decode()


def test_the_same_doses_again_are_refused_with_a_sentence(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    response = send(as_member(alice), patient, evening="20")
    shown = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == 422
    assert "60 mg/day (20 mg three times a day) is the dose already on 13 Nov 2026." in shown
    assert told() == 0


def test_the_same_total_at_other_times_of_day_is_a_change(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    assert send(as_member(alice), patient, evening="10", bedtime="10").status_code == 302
    assert told() == 1


@pytest.mark.parametrize(
    ("starts_on", "field", "words"),
    [
        ("2027-03-01", "starts_on", "Choose a date up to 11\u00a0Feb\u00a02027"),
        ("1967-01-01", "starts_on", "before the patient was born"),
        ("2026-11-01", "backdate_reason", "Say why the change is entered late"),
    ],
)
def test_a_refused_date_is_said_beside_its_field_in_words(
    as_member: SignIn, alice: Membership, patient: Patient, starts_on: str, field: str, words: str
) -> None:
    response = send(as_member(alice), patient, starts_on=starts_on)
    assert words in " ".join(response.context["form"].errors[field])
    assert f'id="id_{field}_error"' in response.content.decode()
