"""The patient page: one look says what is taken, what stands, and what happened."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from tests.factories import NOW, TODAY, change_dose, make_patient, regimen
from tests.services.acts import critical_flag
from titration.domain.record import IntakeKind, SymptomList
from titration.domain.vocabulary import SEDATION_GRADES
from titration.models import Membership, Patient
from titration.permissions import SENTENCES, Action
from titration.services.acceptance import accept_flag
from titration.services.conditions import record_condition
from titration.services.corrections import mark_entered_in_error
from titration.services.drafts import IntakeDraft, ScoresDraft, SedationDraft, SymptomsDraft
from titration.services.intake import record_intake
from titration.services.kidney import record_kidney_reading
from titration.services.medicines import record_medicine
from titration.services.reports import record_scores, record_sedation, record_symptoms

SignIn = Callable[[Membership], Client]
HOSTILE = "</script><script>alert(1)</script>\"><svg onload=alert(2)>{{7*7}}'"


def page(client: Client, patient: Patient, query: str = "") -> str:
    response = client.get(reverse("patient", args=[patient.public_id]) + query)
    assert response.status_code == 200
    return response.content.decode()


def ran_out(actor: Membership, patient: Patient, days_ago: int = 1, note: str = "") -> None:
    starts_on = TODAY - timedelta(days=days_ago)
    record_intake(
        actor=actor,
        patient=patient,
        report=IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=starts_on, note=note),
        now=NOW,
    )


def test_a_quiet_patient_is_no_proof_of_safety(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = page(as_member(alice), patient)
    assert "<b>No finding.</b> That is not proof of safety." in shown
    assert "day 61" in shown
    assert "20\u00a0mg three times a day" in shown


def test_what_no_rule_could_look_at_is_named(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    shown = page(client, patient)
    assert shown.count("Not on file: conditions, kidney function, other medicines.") == 2
    assert "every rule could decide by what is on file" in shown
    record_condition(actor=alice, patient=patient, code="stroke", now=NOW)
    record_kidney_reading(actor=alice, patient=patient, egfr=Fraction(74), on=TODAY, now=NOW)
    assert "Not on file: other medicines." in page(client, patient)
    record_medicine(actor=alice, patient=patient, code="lithium", now=NOW)
    complete = page(client, patient)
    assert "Not on file" not in complete
    assert "every rule could decide</summary>" in complete


def accept_the_stop(actor: Membership, patient: Patient) -> None:
    flag = critical_flag(actor, patient)
    accept_flag(
        actor=actor, flag=flag, reason="supervised", comment="on the ward", expires_on=TODAY + timedelta(days=1),
        state_version=flag.state_version, now=NOW,
    )  # fmt: skip


def test_an_accepted_stop_is_never_called_no_finding(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    accept_the_stop(alice, patient)
    shown = page(as_member(alice), patient)
    assert "No open finding, 1 accepted." in shown
    assert "<b>No finding.</b>" not in shown
    accepted = f"Accepted until 14\u00a0Nov by {alice.user.full_name}: Supervised closely, for example in hospital (on"
    before_the_details = shown[: shown.index('<details class="flag-rest">')]
    assert accepted in before_the_details
    assert "<span>accepted</span>" in shown


def test_an_accepted_stop_is_seen_beside_a_lower_open_flag(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    accept_the_stop(alice, patient)
    record_sedation(actor=alice, patient=patient, report=SedationDraft(at=NOW, grade=3), now=NOW)
    shown = page(as_member(alice), patient)
    assert "flag-main is-" in shown
    assert "Accepted until" in shown[: shown.index('<details class="flag-rest">')]


def test_taken_and_prescribed_stand_apart_where_they_differ(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    ran_out(alice, patient)
    shown = page(as_member(alice), patient)
    assert shown.index("<dt>Taken</dt><dd><b>0") < shown.index("<dt>Prescribed</dt><dd><b>60")
    assert "flag-main is-critical" in shown


def test_the_log_opens_on_taken_while_the_highest_flag_is_about_intake(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    assert "Save dose change" in page(as_member(alice), patient)
    ran_out(alice, patient)
    assert "Save what was taken" in page(as_member(alice), patient)
    assert "Save dose change" in page(as_member(alice), patient, "?log=dose")


def test_the_first_act_is_to_log_and_accepting_comes_second(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    ran_out(alice, patient)
    shown = page(as_member(alice), patient)
    assert shown.index("Log what was taken") < shown.index("Accept with a reason")


def test_what_a_role_may_not_do_is_disabled_with_the_sentence(
    as_member: SignIn, alice: Membership, nina: Membership, bob: Membership, patient: Patient
) -> None:
    ran_out(alice, patient)
    for member, query, action in (
        (nina, "", Action.ACCEPT_CRITICAL_FLAG),
        (nina, "?log=dose", Action.PRESCRIBE),
        (bob, "?log=taken", Action.LOG),
    ):
        shown = page(as_member(member), patient, query)
        assert escape(SENTENCES[action]) in shown
        assert " disabled aria-describedby" in shown


@pytest.mark.parametrize("tab", ["dose", "taken", "sedation", "effects", "signs", "response", "rubbish", HOSTILE])
def test_every_tab_opens_with_the_focus_in_it(as_member: SignIn, alice: Membership, patient: Patient, tab: str) -> None:
    client = as_member(alice)
    shown = client.get(reverse("patient", args=[patient.public_id]), {"log": tab}).content.decode()
    assert shown.count(" autofocus") == 1
    assert HOSTILE not in shown


def test_htmx_gets_the_log_alone(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    url = reverse("patient", args=[patient.public_id])
    headers = {"HX-Request": "true", "HX-Target": "log"}
    shown = as_member(alice).get(url, {"log": "sedation"}, headers=headers).content.decode()
    assert shown.startswith('<section class="log" id="log"')
    assert all(words in shown for words in SEDATION_GRADES.values())


def test_a_page_of_a_patient_is_never_kept(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    response = as_member(alice).get(reverse("patient", args=[patient.public_id]))
    assert response.headers["Cache-Control"] == "no-store"


def test_another_clinic_finds_nothing(as_member: SignIn, charlie: Membership, patient: Patient) -> None:
    response = as_member(charlie).get(reverse("patient", args=[patient.public_id]))
    assert response.status_code == 404
    assert b"Ashdown" not in response.content


def fill(actor: Membership, patient: Patient, days: int) -> None:
    for day in range(1, days):
        at = NOW - timedelta(days=day)
        change_dose(actor, patient, regimen(20, 20, 15 if day % 2 else 16), TODAY - timedelta(days=day))
        record_sedation(actor=actor, patient=patient, report=SedationDraft(at=at, grade=day % 2), now=NOW)
        record_scores(actor=actor, patient=patient, report=ScoresDraft(at=at, values={"pain": "3"}), now=NOW)


AUDIT_QUERIES = 5  # the newest digest and the row, between two savepoints; on PostgreSQL the chain's lock


def test_few_queries_whatever_the_history(
    as_member: SignIn, alice: Membership, django_assert_max_num_queries: Callable[..., object]
) -> None:
    short, long = make_patient(alice), make_patient(alice)
    ran_out(alice, short)
    fill(alice, long, days=25)
    client = as_member(alice)
    for patient in (short, long):
        with django_assert_max_num_queries(12 + AUDIT_QUERIES):  # type: ignore[attr-defined]
            page(client, patient)


def test_the_time_line_shows_forty_and_the_rest_on_request(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    fill(alice, patient, days=25)
    client = as_member(alice)
    first = page(client, patient)
    assert first.count('<td class="what">') == 40
    assert "earlier entries, back to" in first
    second = page(client, patient, "?page=2")
    assert "Back to the newest entries" in second
    assert "As told at registration" in first + second


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e9", "9" * 30, "\u0661"])
def test_a_page_number_that_is_none_is_the_first(
    as_member: SignIn, alice: Membership, patient: Patient, number: str
) -> None:
    client = as_member(alice)
    response = client.get(reverse("patient", args=[patient.public_id]), {"page": number, "kind": "'--", "range": "9y"})
    assert response.status_code == 200
    assert b"As told at registration" in response.content


def test_the_time_line_can_be_filtered_by_kind(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    record_sedation(actor=alice, patient=patient, report=SedationDraft(at=NOW, grade=1), now=NOW)
    shown = page(as_member(alice), patient, "?kind=sedation")
    assert "drowsier than usual" in shown
    assert "As told at registration" not in shown


def test_an_entry_in_error_stays_visible_struck_through(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    row = record_sedation(actor=alice, patient=patient, report=SedationDraft(at=NOW, grade=4), now=NOW)
    mark_entered_in_error(actor=alice, entry=row, reason="Another patient's report.", now=NOW)
    shown = page(as_member(alice), patient)
    assert "<del>" in shown
    assert "entered in error: Another patient&#x27;s report." in shown


def test_correcting_is_one_link_away_and_hidden_from_readers(
    as_member: SignIn, alice: Membership, bob: Membership, patient: Patient
) -> None:
    assert "Entered in error?" not in page(as_member(alice), patient)
    assert "Entered in error?" in page(as_member(alice), patient, "?correct=1")
    assert "Entered in error?" not in page(as_member(bob), patient, "?correct=1")


def test_hostile_text_is_inert_wherever_it_was_typed(as_member: SignIn, alice: Membership) -> None:
    patient = make_patient(alice, family_name=HOSTILE[:80], given_name=HOSTILE[:80], identifier=HOSTILE[:40])
    ran_out(alice, patient, note=HOSTILE)
    change_dose(alice, patient, regimen(20, 20, 15), note=HOSTILE)
    sedation = SedationDraft(at=NOW, grade=1, note=HOSTILE)
    row = record_sedation(actor=alice, patient=patient, report=sedation, now=NOW)
    mark_entered_in_error(actor=alice, entry=row, reason=HOSTILE, now=NOW)
    effects = SymptomsDraft(
        symptom_list=SymptomList.ADVERSE_EFFECT, codes=("other",), onset_on=TODAY, other_text=HOSTILE, note=HOSTILE
    )
    record_symptoms(actor=alice, patient=patient, report=effects, now=NOW)
    record_scores(actor=alice, patient=patient, report=ScoresDraft(at=NOW, values={"pain": "3"}, note=HOSTILE), now=NOW)
    record_condition(actor=alice, patient=patient, code="stroke", note=HOSTILE, now=NOW)
    client = as_member(alice)
    conditions = client.get(reverse("conditions", args=[patient.public_id])).content.decode()
    for shown in (page(client, patient), page(client, patient, "?correct=1"), conditions):
        assert "<script>alert" not in shown
        assert "<svg onload" not in shown
        assert "49'" not in shown
        assert "&lt;svg onload" in shown


def test_a_change_ahead_stands_in_the_banner_and_beside_the_plan(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    assert "From 23" not in page(client, patient)
    change_dose(alice, patient, regimen(10, 10, 15), TODAY + timedelta(days=10))
    shown = page(client, patient).replace("\u00a0", " ")
    assert shown.count("<b>From 23 Nov: 35 mg/day</b>") == 2
