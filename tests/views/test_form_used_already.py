"""A form whose answer was cut off is sent again: the same counts once, anything else stands beside what is on file."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import TODAY, change_dose, make_member, make_patient, regimen
from titration.models import (
    AuditEvent,
    Membership,
    Patient,
    RegimenChange,
    ResponseScore,
    SedationReport,
    SubmissionKey,
    TreatmentChange,
)
from titration.services.corrections import CORRECTED

SignIn = Callable[[Membership], Client]
DOSE = {"starts_on": "2026-11-13", "morning": "20", "midday": "15", "evening": "20", "bedtime": "0", "reason": "other"}
SCORES = {"spasticity": "4", "at": "2026-11-12T10:00"}
SEDATION = {"grade": "1", "at": "2026-11-12T10:00"}
REGISTERED = {
    "family_name": "Adams", "given_name": "Ann", "birth_date": "1970-01-02", "identifier": "SP-0900",
    "indication": "ms_spinal_spasticity", "sex": "female", "intrathecal_pump": "no", "exposure_months": "12",
    "morning": "10", "midday": "10", "evening": "10", "bedtime": "0",
}  # fmt: skip


def send(client: Client, name: str, patient: Patient | None, typed: dict[str, str], **headers: str) -> Any:
    ids = [patient.public_id] if patient else []
    return client.post(reverse(name, args=ids), typed, headers=headers)


def pairs(page: str) -> dict[str, tuple[list[str], bool]]:
    """By label: what is on file and what was typed, and whether that is bold."""
    found = {}
    for row in re.findall(r'(?s)<tr( class="differs")?>\s*<th scope="row">(.*?)</th>(.*?)</tr>', page):
        cells = [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"(?s)<td>(.*?)</td>", row[2])]
        found[row[1]] = (cells, bool(row[0]))
    return found


def buttons(page: str) -> dict[str, tuple[str, dict[str, str]]]:
    """By their words: where each form of the page goes, and its fields."""
    main = page.partition('<main id="main"')[2]
    found = {}
    for action, form in re.findall(r'(?s)<form method="post" action="([^"]+)">(.*?)</form>', main):
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
        typed = {name: unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}
        words = re.search(r'(?s)type="submit">(.*?)</button>', form)
        assert words
        found[unescape(words[1])] = (unescape(action), typed)
    return found


def press(client: Client, page: str, words: str) -> Any:
    action, typed = buttons(page)[words]
    return client.post(action, typed)


def told() -> list[tuple[int, str]]:
    rows = RegimenChange.objects.filter(as_told=False).order_by("pk")
    return [(row.regimen.daily_mcg // 1000, row.status) for row in rows]


def test_a_changed_dose_is_never_called_saved(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **DOSE}
    send(client, "log_dose", patient, typed)
    answer = send(client, "log_dose", patient, {**typed, "evening": "15"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What you typed now is not saved" in page
    assert pairs(page)["Evening"] == (["20\u00a0mg", "15\u00a0mg"], True)
    assert pairs(page)["Daily dose"] == (["55\u00a0mg/day", "50\u00a0mg/day"], True)
    assert pairs(page)["Morning"] == (["20\u00a0mg", "20\u00a0mg"], False)
    assert told() == [(55, "current")]


def test_the_correction_supersedes_the_dose_of_the_same_date(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **DOSE, "note": "Said\r\nby telephone"}
    send(client, "log_dose", patient, typed)
    page = send(client, "log_dose", patient, {**typed, "evening": "15"}).content.decode()
    assert press(client, page, "Record this as a correction").status_code == 302
    assert told() == [(55, "superseded"), (50, "current")]
    assert RegimenChange.objects.latest("pk").note == "Said\r\nby telephone"


def test_the_correction_of_a_date_leaves_one_dose_that_counts(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **DOSE}
    send(client, "log_dose", patient, typed)
    page = send(client, "log_dose", patient, {**typed, "starts_on": "2026-11-16"}).content.decode()
    press(client, page, "Record this as a correction")
    assert told() == [(55, "entered_in_error"), (55, "current")]
    assert RegimenChange.objects.get(status="entered_in_error").status_reason == CORRECTED


def test_a_correction_that_must_be_answered_comes_back_with_what_was_typed(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **DOSE}
    send(client, "log_dose", patient, typed)
    none = dict.fromkeys(("morning", "midday", "evening"), "0")
    action, fields = buttons(send(client, "log_dose", patient, {**typed, **none}).content.decode())[
        "Record this as a correction"
    ]
    asked = client.post(action, fields)
    assert asked.status_code == 422
    assert f'value="{fields["key"]}"' in asked.content.decode()
    assert told() == [(55, "current")]


def test_the_same_form_again_says_when_it_was_saved(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **DOSE}
    client.get(send(client, "log_dose", patient, typed).url)
    answer = send(client, "log_dose", patient, {**typed, "morning": "20.0"})
    page = unescape(client.get(answer.url).content.decode())
    assert "This form was saved already, on 13\u00a0Nov\u00a02026 at 09:41. It counts once." in page
    assert "Dose change saved." not in page
    assert told() == [(55, "current")]


@pytest.mark.parametrize("what", ["superseded", "entered in error"])
def test_what_no_longer_stands_is_not_claimed(
    as_member: SignIn, alice: Membership, patient: Patient, what: str
) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **DOSE}
    send(client, "log_dose", patient, typed)
    if what == "superseded":
        change_dose(make_member(alice.clinic, name="Olga Orr"), patient, regimen(20, 20, 20, 5))
    else:
        row = RegimenChange.objects.get(as_told=False)
        client.post(reverse("entry_in_error", args=[patient.public_id, "dose", row.public_id]),
                    {"key": str(uuid4()), "reason": "Another patient"})  # fmt: skip
    page = send(client, "log_dose", patient, typed).content.decode()
    assert "no longer stands" in page
    assert f": {what}, by " in page
    if what == "superseded":
        assert pairs(page)["Daily dose"][0] == ["65\u00a0mg/day", "55\u00a0mg/day"]
        assert "Olga Orr" in page
    else:
        assert "Another patient" in page
        assert press(client, page, "Record it again").status_code == 302
        assert told()[-1] == (55, "current")


def test_htmx_gets_the_page_in_the_place_of_the_main_part(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **DOSE}
    send(client, "log_dose", patient, typed)
    headers = {"HX-Request": "true", "HX-Target": "log"}
    answer = send(client, "log_dose", patient, {**typed, "evening": "15"}, **headers)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#main")
    page = answer.content.decode()
    assert "<html" not in page
    assert re.search(r'id="patient-banner"[^>]* hx-swap-oob="true"', page), "the dose of the banner is that on file"
    assert pairs(page)["Evening"][1]


def test_another_patient_is_told_apart_and_nothing_of_the_first_is_shown(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, typed, other = as_member(alice), {"key": str(uuid4()), **SCORES}, make_patient(alice, family_name="Birch")
    send(client, "log_response", patient, {**typed, "note": "of the first"})
    answer = send(client, "log_response", other, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"for {patient.name}, {patient.identifier}." in page
    assert "of the first" not in page
    assert not ResponseScore.objects.filter(patient=other).exists()
    assert press(client, page, f"Save it as a new entry for {other.name}").status_code == 302
    assert ResponseScore.objects.get(patient=other).value == "4"
    assert ResponseScore.objects.get(patient=patient).status == "current"


def test_another_person_is_shown_nothing_of_another_patient(
    as_member: SignIn, alice: Membership, nina: Membership, patient: Patient
) -> None:
    typed, other = {"key": str(uuid4()), **SCORES}, make_patient(alice, family_name="Birch")
    send(as_member(alice), "log_response", patient, {**typed, "note": "of the first"})
    page = send(as_member(nina), "log_response", other, typed).content.decode()
    assert "of the first" not in page
    assert [*buttons(page)] == [f"Save it as a new entry for {other.name}"]


def test_another_person_is_told_who_saved_it(
    as_member: SignIn, alice: Membership, nina: Membership, patient: Patient
) -> None:
    typed = {"key": str(uuid4()), **SEDATION}
    send(as_member(alice), "log_sedation", patient, typed)
    same = send(as_member(nina), "log_sedation", patient, typed)
    page = same.content.decode()
    assert same.status_code == 409
    assert "Saved by Alice Ames" in page
    assert buttons(page) == {}
    page = send(as_member(nina), "log_sedation", patient, {**typed, "grade": "2"}).content.decode()
    assert press(as_member(nina), page, "Record this as a correction").status_code == 302
    rows = SedationReport.objects.order_by("pk")
    assert [(row.grade, row.status) for row in rows] == [(1, "entered_in_error"), (2, "current")]
    assert rows[0].status_by == nina.user


def test_another_clinic_is_shown_nothing(
    as_member: SignIn, alice: Membership, charlie: Membership, patient: Patient, other_patient: Patient
) -> None:
    typed = {"key": str(uuid4()), **SCORES}
    send(as_member(alice), "log_response", patient, {**typed, "note": "of the first"})
    page = send(as_member(charlie), "log_response", other_patient, {**typed, "note": "mine"}).content.decode()
    assert "mine" in page
    for hidden in ("of the first", patient.family_name, patient.identifier, "Alice Ames"):
        assert hidden not in page
    assert press(as_member(charlie), page, f"Save it as a new entry for {other_patient.name}").status_code == 302


def test_a_key_from_before_its_content_was_kept_is_never_called_saved(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **SCORES}
    send(client, "log_response", patient, typed)
    SubmissionKey.objects.update(digest="", action="", patient=None)
    answer = send(client, "log_response", patient, typed)
    assert answer.status_code == 409
    assert "what it saved cannot be told" in answer.content.decode()
    assert ResponseScore.objects.count() == 1


def test_another_kind_of_entry_is_told_apart(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client, key = as_member(alice), str(uuid4())
    send(client, "log_response", patient, {"key": key, **SCORES})
    page = send(client, "log_sedation", patient, {"key": key, **SEDATION}).content.decode()
    assert "as another kind of entry" in page
    press(client, page, f"Save it as a new entry for {patient.name}")
    assert SedationReport.objects.count() == ResponseScore.objects.count() == 1


def test_a_second_registration_is_not_called_registered_on_the_firsts_page(as_member: SignIn, nina: Membership) -> None:
    client, typed = as_member(nina), {"key": str(uuid4()), **REGISTERED}
    send(client, "new_patient", None, typed)
    other = {**typed, "family_name": "Birch", "given_name": "Bob", "identifier": "SP-0901"}
    answer = send(client, "new_patient", None, other)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert pairs(page)["Family name"] == (["Adams", "Birch"], True)
    assert pairs(page)["Morning"] == (["10\u00a0mg", "10\u00a0mg"], False)
    assert not pairs(page)["Taken so since"][1]
    assert "Patient registered." not in page, "said of the first, which nobody heard"
    assert next(iter(buttons(page))) == "Register as another patient"
    assert press(client, page, "Register as another patient").status_code == 302
    assert set(Patient.objects.values_list("family_name", flat=True)) == {"Adams", "Birch"}


def test_a_registration_is_corrected_in_the_details(as_member: SignIn, nina: Membership) -> None:
    client, typed = as_member(nina), {"key": str(uuid4()), **REGISTERED}
    send(client, "new_patient", None, typed)
    page = send(client, "new_patient", None, {**typed, "given_name": "Anne"}).content.decode()
    assert "Register as another patient" not in buttons(page)
    assert press(client, page, "Correct the details of Adams, Ann").status_code == 302
    assert Patient.objects.get().given_name == "Anne"


def test_what_was_refused_leaves_its_row_in_the_audit(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **DOSE}
    send(client, "log_dose", patient, typed)
    send(client, "log_dose", patient, {**typed, "evening": "15"})
    row = AuditEvent.objects.filter(action="refused").latest("pk")
    assert row.detail == {"attempt": "dose.changed", "refusal": "UsedAlready"}
    assert row.patient_public_id == patient.public_id


@pytest.mark.parametrize("key", ["", "x", "1.2", "6e0f2f3c-6a55-4d53-9d4b-0f3a0f6f7a51.x"])
def test_a_key_that_is_none_is_refused(as_member: SignIn, alice: Membership, patient: Patient, key: str) -> None:
    answer = send(as_member(alice), "log_dose", patient, {"key": key, **DOSE})
    assert answer.status_code == 422
    assert "Reload the page and fill it in again." in answer.content.decode()


def test_an_entry_of_another_patient_is_not_taken_back(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client, key, other = as_member(alice), uuid4(), make_patient(alice)
    send(client, "log_sedation", other, {"key": str(key), **SEDATION})
    send(client, "log_sedation", patient, {"key": f"{uuid4()}.{key}", **SEDATION})
    assert SedationReport.objects.get(patient=other).status == "current"
    assert str(TODAY) == DOSE["starts_on"]


def test_an_intake_is_compared_as_it_is_stored(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    client = as_member(nina)
    typed = {"key": str(uuid4()), "kind": "missed", "missed_times": "midday", "starts_on": "2026-11-12"}
    send(client, "log_intake", patient, typed)
    assert send(client, "log_intake", patient, typed).status_code == 302
    page = send(client, "log_intake", patient, {**typed, "missed_times": "evening"}).content.decode()
    assert pairs(page)["Until"] == (["12\u00a0Nov\u00a02026"] * 2, False)
    assert pairs(page)["Midday"] == (["0\u00a0mg", "20\u00a0mg"], True)
    assert pairs(page)["Evening"] == (["20\u00a0mg", "0\u00a0mg"], True)


ENDED = {"kind": "ended", "last_dose_on": "2026-11-12", "last_mg": "60", "answer_reason": "supervised", "version": "0"}
AGAIN = {"kind": "under_treatment", "again_on": "2026-11-13", "version": "1"}


@pytest.fixture
def ended(as_member: SignIn, alice: Membership, patient: Patient) -> dict[str, str]:
    """Saved, its answer lost."""
    typed = {"key": str(uuid4()), **ENDED}
    assert send(as_member(alice), "treatment", patient, typed).status_code == 302
    return typed


def test_an_end_and_a_return_that_come_again_count_once(
    as_member: SignIn, alice: Membership, patient: Patient, ended: dict[str, str]
) -> None:
    again = {"key": str(uuid4()), **AGAIN}
    for typed in (ended, again, again):
        assert send(as_member(alice), "treatment", patient, typed).status_code == 302
    assert TreatmentChange.objects.filter(patient=patient).count() == 2


@pytest.mark.parametrize(
    ("other", "line", "stand"),
    [
        pytest.param({"last_dose_on": "2026-11-11"}, "Last day with a dose", ["superseded", "current"], id="same end"),
        pytest.param(
            {"kind": "moved", "moved_on": "2026-11-13", "handed_to": "Dr Pine"},
            "What happened",
            ["entered_in_error", "current"],
            id="another end",
        ),
    ],
)
def test_another_end_stands_beside_the_one_on_file_and_corrects_it(
    as_member: SignIn,
    alice: Membership,
    patient: Patient,
    ended: dict[str, str],
    other: dict[str, str],
    line: str,
    stand: list[str],
) -> None:
    client = as_member(alice)
    answer = send(client, "treatment", patient, {**ended, **other})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert pairs(page)[line][1]
    assert press(client, page, "Record this as a correction").status_code == 302
    rows = TreatmentChange.objects.filter(patient=patient).order_by("pk")
    assert [row.status for row in rows] == stand
