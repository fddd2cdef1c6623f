"""The page on which a treatment ends, moves or goes on again: shown before it is saved, then marked, taken back."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, slow_taper
from tests.services.acts import critical_flag, running_plan
from titration.models import Flag, Membership, Patient, TreatmentChange
from titration.permissions import SENTENCES, Action
from titration.services.reviews import plan_review

SignIn = Callable[[Membership], Client]
ENDED = {"kind": "ended", "last_dose_on": "2026-11-12", "last_mg": "60"}
MOVED = {"kind": "moved", "moved_on": "2026-11-13", "handed_to": "Dr Pine"}
DIED = {"kind": "died", "died_on": "2026-11-12"}


def address(patient: Patient) -> str:
    return reverse("treatment", args=[patient.public_id])


def send(client: Client, patient: Patient, **typed: Any) -> Any:
    return client.post(address(patient), {"key": uuid4(), "version": "0", **typed})


def words(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ")


def page(client: Client, patient: Patient) -> str:
    return words(client.get(reverse("patient", args=[patient.public_id])))


def test_the_patient_page_leads_to_it(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    assert f'<a href="{address(patient)}">Status</a>' in page(as_member(alice), patient)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("ended", "Treatment ended (day and last dose not on file). Nothing is judged."),
        ("moved", "Handed over (day not on file). Nothing is judged."),
        ("died", "Died (day not on file). Nothing is judged."),
    ],
)
def test_an_end_without_a_day_is_said_and_leads_to_it(
    status: str, said: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    critical_flag(alice, patient)
    Patient.objects.filter(pk=patient.pk).update(treatment_status=status)
    shown = page(as_member(alice), patient)
    assert said in shown
    assert f'<a href="{address(patient)}">Tell when' in shown
    form = words(as_member(alice).get(address(patient)))
    assert "Tell when: until then nothing is judged" in form
    assert 'name="last_mg" value=' not in form
    assert "Correct it in the time line" not in form


def test_the_form_begins_with_the_last_dose_on_file(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = words(as_member(alice).get(address(patient)))
    assert 'name="last_dose_on" value="2026-11-13"' in shown
    assert 'name="last_mg" value="60"' in shown
    assert "Under treatment again" not in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (ENDED, ["60 mg/day before, 0 mg/day from then on.", "If saved, this would raise", "Abrupt stop"]),
        (MOVED, ["from then on what is taken is not known"]),
        (DIED, ["nothing is judged or asked any more"]),
        ({**ENDED, "last_dose_on": "2026-11-14"}, ["choose a date that is not in the future"]),
    ],
)
def test_what_it_would_do_is_shown_before_saving(
    as_member: SignIn, bob: Membership, patient: Patient, typed: dict[str, str], said: list[str]
) -> None:
    shown = words(send(as_member(bob), patient, **typed, preview="yes"))
    assert all(each in shown for each in said)
    assert not TreatmentChange.objects.exists()


def test_an_end_at_60_mg_is_asked_about_and_saved_with_a_reason(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    asked = send(client, patient, **ENDED)
    shown = words(asked)
    assert asked.status_code == 422
    assert "This must be answered before it is saved" in shown
    digest = asked.context["answers_digest"]
    unanswered = send(client, patient, **ENDED, answered_for=digest)
    assert "Choose a reason" in words(unanswered)
    assert not TreatmentChange.objects.exists()
    done = send(client, patient, **ENDED, answered_for=digest, answer_reason="supervised")
    assert done.status_code == 302
    after = page(client, patient)
    assert "The end of the treatment is saved." in after
    assert '<p class="banner-mark"><b>Treatment ended: last dose on 12 Nov 2026, 60 mg/day</b></p>' in after
    assert "<b>Treatment ended</b>: last dose on 12 Nov 2026, 60 mg/day." in after
    assert Flag.objects.get(code="W1").accepted_reason == "supervised"


def test_no_dose_is_typed_for_whose_treatment_ended(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    send(client, patient, **MOVED)
    shown = words(client.get(reverse("log_dose", args=[patient.public_id])))
    assert "This treatment was handed over. If it goes on, put it back first" in shown
    assert 'aria-describedby="log-refused"' in shown
    put_back = send(client, patient, kind="under_treatment", again_on="2026-11-13", version="1")
    assert put_back.status_code == 302
    assert "banner-mark" not in page(client, patient)


def test_a_death_leaves_no_question_on_any_page(
    as_member: SignIn, nina: Membership, alice: Membership, patient: Patient
) -> None:
    flag = critical_flag(alice, patient)
    running_plan(alice, patient, slow_taper())
    plan_review(actor=alice, patient=patient, due_on=TODAY, purpose="Weekly call", now=NOW)
    client = as_member(nina)
    assert "Say why in a few words" in words(send(client, patient, **{**DIED, "died_on": "2026-11-13"}))
    done = send(client, patient, **{**DIED, "died_on": "2026-11-13"}, why="Told by the family")
    assert done.status_code == 302
    pages = [page(client, patient)]
    pages += [words(client.get(reverse(name, args=[patient.public_id]))) for name in ("hand_over", "reviews")]
    pages.append(words(client.get(reverse("flag", args=[patient.public_id, flag.public_id]))))
    for shown in pages:
        assert "Died on 13 Nov 2026" in shown
        assert "Accept this flag" not in shown
        assert "onsider" not in shown.split("<main")[1]
        assert "ontact" not in shown.split("<main")[1].replace("contacts", "")
    assert "Nothing is judged after the death on 13 Nov" in pages[0]
    assert "What happened up to that day can still be recorded." in pages[0]
    assert not re.search(r"log=dose[^>]*>Dose<", pages[0])
    assert 'name="starts_on" value="2026-11-13"' in pages[0]
    assert not any("Weekly call" in shown for shown in pages)
    assert patient.family_name not in words(client.get(reverse("worklist")))


@pytest.mark.parametrize("died_on", ["2026-11-10", "2026-11-13"])
@pytest.mark.parametrize("tab", ["taken", "effects", "sedation"])
def test_a_report_after_a_death_begins_with_its_day(
    as_member: SignIn, nina: Membership, patient: Patient, died_on: str, tab: str
) -> None:
    client = as_member(nina)
    send(client, patient, kind="died", died_on=died_on)
    log = words(client.get(reverse("patient", args=[patient.public_id]), {"log": tab})).split('id="log"')[1]
    days = re.findall(r'name="(?:starts_on|onset_on)"[^>]* value="([^"]*)"', log.split("</form>")[0])
    assert days == ([] if tab == "sedation" else [died_on])
    assert not re.search(r'name="at"[^>]* value="\d', log)


@pytest.mark.parametrize("over", [ENDED, MOVED])
def test_no_review_of_a_treatment_that_is_over_is_due(
    as_member: SignIn, alice: Membership, patient: Patient, over: dict[str, str]
) -> None:
    plan_review(actor=alice, patient=patient, due_on=TODAY, purpose="Weekly call", now=NOW)
    client = as_member(alice)
    asked = send(client, patient, **over)
    if asked.status_code == 422:
        send(client, patient, **over, answered_for=asked.context["answers_digest"], answer_reason="supervised")
    shown = page(client, patient)
    assert "Weekly call" not in shown
    assert "still planned" in shown
    handed, listed = (words(client.get(reverse(name, args=[patient.public_id]))) for name in ("hand_over", "reviews"))
    assert "none due; 1 was still planned" in handed
    assert "Planned for 13 Nov 2026." in listed
    assert "stands on the worklist" not in listed
    assert "Due 13 Nov" not in listed


def test_it_is_taken_back_from_the_time_line(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    client = as_member(nina)
    send(client, patient, **DIED)
    entry = TreatmentChange.objects.get()
    back = reverse("entry_in_error", args=[patient.public_id, "treatment", entry.public_id])
    shown = words(client.get(reverse("patient", args=[patient.public_id]), {"correct": "1", "kind": "treatment"}))
    assert back in shown
    assert "On 12 Nov 2026: prescribed 60 mg/day, taken 60 mg/day." in words(client.get(back))
    assert client.post(back, {"reason": "Another patient", "key": uuid4()}).status_code == 302
    after = page(client, patient)
    assert "banner-mark" not in after
    assert "entered in error: Another patient" in after


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose what happened."),
        ({"kind": "ended", "last_dose_on": "", "last_mg": ""}, "Write the last day on which a dose was taken."),
        ({**ENDED, "last_mg": "1,5"}, "Write a point, not a comma"),
        ({**ENDED, "last_dose_on": "12/11/2026"}, "Write the date as year-month-day"),
        ({**MOVED, "handed_to": ""}, "Write to whom the treatment was handed over."),
        ({"kind": "under_treatment", "again_on": "2026-11-13"}, "This patient is under treatment already."),
        ({"kind": "on_holiday"}, "Select a valid choice"),
    ],
)
def test_what_is_refused_says_what_to_do(
    as_member: SignIn, alice: Membership, patient: Patient, typed: dict[str, str], sentence: str
) -> None:
    response = send(as_member(alice), patient, why="Typed with care", **typed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert "Typed with care" in words(response)
    assert not TreatmentChange.objects.exists()


def test_who_was_slower_is_told(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    send(client, patient, **MOVED)
    assert send(client, patient, **MOVED, version="0").status_code == 409


def test_a_reader_sees_why_not(as_member: SignIn, bob: Membership, patient: Patient) -> None:
    client = as_member(bob)
    assert SENTENCES[Action.CHANGE_PATIENT] in words(client.get(address(patient)))
    assert send(client, patient, **DIED).status_code == 403


def test_a_nurse_reads_before_typing_who_ends_a_treatment(
    as_member: SignIn, nina: Membership, patient: Patient
) -> None:
    shown = words(as_member(nina).get(address(patient)))
    assert SENTENCES[Action.END_TREATMENT] in shown
    assert closed_kinds(shown) == {"ended"}


def test_a_clinician_and_a_reader_read_nothing_of_it(
    as_member: SignIn, alice: Membership, bob: Membership, patient: Patient
) -> None:
    for member in (alice, bob):
        shown = words(as_member(member).get(address(patient)))
        assert SENTENCES[Action.END_TREATMENT] not in shown
        assert not closed_kinds(shown)


def test_with_a_plan_under_way_a_nurse_hands_nothing_over_either(
    as_member: SignIn, alice: Membership, nina: Membership, patient: Patient
) -> None:
    running_plan(alice, patient, slow_taper())
    assert closed_kinds(words(as_member(nina).get(address(patient)))) == {"ended", "moved"}


def test_an_end_that_a_nurse_sends_anyway_comes_back_as_typed(
    as_member: SignIn, nina: Membership, patient: Patient
) -> None:
    response = send(as_member(nina), patient, **ENDED, why="Typed with care")
    shown = words(response)
    assert response.status_code == 403
    assert SENTENCES[Action.END_TREATMENT] in shown
    assert "Typed with care" in shown
    assert 'value="2026-11-12"' in shown
    assert "If saved, this would raise" not in shown
    assert not TreatmentChange.objects.exists()


def closed_kinds(shown: str) -> set[str]:
    radios = re.findall(r'<input type="radio" name="kind"[^>]*>', shown)
    return {match[1] for radio in radios if " disabled" in radio if (match := re.search(r'value="(\w+)"', radio))}


def test_another_clinic_finds_nothing(as_member: SignIn, charlie: Membership, patient: Patient) -> None:
    assert as_member(charlie).get(address(patient)).status_code == 404


def test_a_form_sent_twice_counts_once(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    client, key = as_member(nina), uuid4()
    assert [send(client, patient, **DIED, key=key).status_code for _ in range(2)] == [302, 302]
    assert TreatmentChange.objects.count() == 1


def test_the_same_form_with_other_content_shows_both(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    client, key = as_member(nina), uuid4()
    send(client, patient, **DIED, key=key)
    conflict = send(client, patient, **MOVED, key=key)
    assert conflict.status_code == 409
    shown = words(conflict)
    assert "Died on 12 Nov" in shown
    assert "Dr Pine" in shown
    corrected = re.search(r'name="key" value="([^"]+)"', shown.split("<main")[1])
    assert corrected is not None
    assert send(client, patient, **MOVED, key=corrected[1]).status_code == 302
    patient.refresh_from_db()
    assert patient.treatment_status == "moved"
    assert set(TreatmentChange.objects.values_list("kind", "status")) == {
        ("died", "entered_in_error"), ("moved", "current"),
    }  # fmt: skip
