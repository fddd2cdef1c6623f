"""The preview of a dose change: the same judgement as saving, nothing written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, change_dose, make_patient, regimen
from tests.services.acts import running_plan
from titration.domain.record import IntakeKind, SymptomList
from titration.models import AuditEvent, Membership, Patient, RegimenChange
from titration.services.conditions import record_condition
from titration.services.drafts import IntakeDraft, SedationDraft, SymptomsDraft
from titration.services.intake import record_intake
from titration.services.kidney import record_kidney_reading
from titration.services.medicines import record_medicine
from titration.services.reports import record_sedation, record_symptoms

SignIn = Callable[[Membership], Client]
HEADERS = {"HX-Request": "true", "HX-Target": "preview"}


def preview(client: Client, patient: Patient, *doses: str, **typed: Any) -> str:
    names = dict(zip(("morning", "midday", "evening", "bedtime"), doses, strict=False))
    data = {"starts_on": "2026-11-13", "bedtime": "0", **names, **typed}
    response = client.post(reverse("preview_dose", args=[patient.public_id]), data, headers=HEADERS)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


def test_says_total_change_percent_and_share(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = preview(as_member(alice), patient, "20", "20", "12.5")
    assert "<b>52.5 mg/day</b>" in shown
    assert "60 → 52.5 mg/day (−7.5 mg, −12.5 %). 26.2 % of the ceiling." in shown


def test_says_what_it_compares_with_where_less_was_taken(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    assert "Compared with" not in preview(client, patient, "20", "20", "15")
    report = IntakeDraft(
        kind=IntakeKind.DAILY_TOTAL, starts_on=TODAY - timedelta(days=3), daily_mcg=25_000, goes_on=True
    )
    record_intake(actor=alice, patient=patient, report=report, now=NOW)
    shown = preview(client, patient, "20", "20", "15")
    assert "60 → 55 mg/day (−5 mg, −8.3 %)" in shown
    assert "Compared with what was prescribed on the day before; 25 mg/day was taken then" in shown


def test_says_what_it_would_raise(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = preview(as_member(alice), patient, "0", "0", "0")
    assert "If saved, this would raise" in shown
    assert "sev-critical" in shown


def test_a_quiet_change_is_no_proof_of_safety(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    assert "Nothing new as of 13 Nov 2026. That is not proof of safety." in preview(
        as_member(alice), patient, "20", "20", "15"
    )


def test_says_what_stands_already_and_what_it_needs(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    report = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=TODAY)
    record_intake(actor=alice, patient=patient, report=report, now=NOW)
    shown = preview(as_member(alice), patient, "10", "10", "10")
    stands = shown[shown.index("Stands already today") :]
    assert "sev-critical" in stands
    assert "Abrupt stop: 60 → 0" in stands
    assert "It needs:" in stands


HARD_TO_ROUSE = SedationDraft(at=NOW - timedelta(hours=2), grade=3)
CONFUSED = SymptomsDraft(symptom_list=SymptomList.WITHDRAWAL_SIGN, codes=("confusion", "agitation"), onset_on=TODAY)


def stands(shown: str) -> str:
    return shown.split("Stands already today")[1] if "Stands already today" in shown else ""


@pytest.mark.parametrize("starts_on", ["2026-11-13", "2026-11-20"], ids=["today", "in a week"])
@pytest.mark.parametrize(("morning", "mg"), [("25", 65), ("15", 55)], ids=["a rise", "a fall"])
def test_sedation_that_stands_is_said_beside_every_change(
    morning: str, mg: int, starts_on: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    record_sedation(actor=alice, patient=patient, report=HARD_TO_ROUSE, now=NOW)
    shown = preview(as_member(alice), patient, morning, "20", "20", starts_on=starts_on)
    assert f"<b>{mg} mg/day</b>" in shown
    assert "sev-high" in stands(shown)
    assert "Sedation grade 3: hard to rouse" in stands(shown)
    assert "Nothing new" in shown


def test_every_kind_of_thing_that_stands_is_said(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    record_sedation(actor=alice, patient=patient, report=replace(HARD_TO_ROUSE, grade=4), now=NOW)
    record_condition(actor=alice, patient=patient, code="pregnancy", now=NOW)
    record_kidney_reading(actor=alice, patient=patient, egfr=Fraction(25), on=TODAY, now=NOW)
    record_medicine(actor=alice, patient=patient, code="opioid", since=TODAY, now=NOW)
    change_dose(alice, patient, regimen(30), TODAY)
    record_symptoms(actor=alice, patient=patient, report=CONFUSED, now=NOW)
    told = stands(preview(as_member(alice), patient, "35", "0", "0"))
    for words in ("cannot be roused", "Pregnancy", "eGFR 25", "opioid", "Withdrawal signs", "60 → 30"):
        assert words.lower() in told.lower(), words
    assert "sev-info" not in told


def test_what_is_accepted_stands_with_who_accepted_it(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(10, 10, 10))
    told = stands(preview(as_member(alice), patient, "10", "10", "5"))
    assert "Accepted until" in told
    assert "by Alice Ames" in told


def test_what_a_dose_ends_is_said_to_end(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(0))
    shown = preview(as_member(alice), patient, "20", "20", "0")
    assert "With this dose it would no longer stand." in stands(shown)
    assert "Nothing new" in shown
    assert "Would stand beside it" in shown
    assert "60 → 40" in shown.split("Would stand beside it")[1]


def test_nothing_stands_where_nothing_does(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    assert "Stands already" not in preview(as_member(alice), patient, "20", "20", "15")


@pytest.mark.parametrize(
    ("doses", "refused"), [(("100", "100", "0"), False), (("100", "100", "0.1"), True), (("9999", "0", "0"), True)]
)
def test_above_the_ceiling_says_why_and_what_is_allowed(
    as_member: SignIn, alice: Membership, patient: Patient, doses: tuple[str, ...], refused: bool
) -> None:
    shown = preview(as_member(alice), patient, *doses)
    assert ("cannot be saved" in shown) is refused
    assert ("Up to 200 mg/day is allowed." in shown) is refused


@pytest.mark.parametrize("text", ["", "1,5", "1e400", "NaN", "<script>"])
def test_waits_until_all_doses_can_be_read(as_member: SignIn, alice: Membership, patient: Patient, text: str) -> None:
    shown = preview(as_member(alice), patient, text, "20", "20")
    assert "The preview appears when all four doses can be read" in shown
    assert "<script>" not in shown


@pytest.mark.parametrize(
    ("starts_on", "sentence"),
    [
        ("02/03/2026", "Write the date as year-month-day"),
        ("2026-02-30", "There is no such day in the calendar."),
        ("2027-02-12", "Choose a date up to 11 Feb 2027: a dose change is recorded at most 90 days ahead."),
        ("1968-03-11", "before the patient was born"),
    ],
)
def test_a_date_that_would_be_refused_gives_the_total_and_says_why(
    as_member: SignIn, alice: Membership, patient: Patient, starts_on: str, sentence: str
) -> None:
    shown = preview(as_member(alice), patient, "15", "15", "15", starts_on=starts_on)
    assert "<b>45 mg/day</b>" in shown
    assert sentence in shown
    assert "Nothing new" not in shown


def test_from_nothing_there_is_no_percent(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    assert "The first dose on file" in preview(client, patient, "5", "5", "5", starts_on="2020-01-01")


def test_nothing_is_written(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    before, told = RegimenChange.objects.count(), AuditEvent.objects.count()
    preview(as_member(alice), patient, "0", "0", "0")
    assert RegimenChange.objects.count() == before
    assert [row.action for row in AuditEvent.objects.order_by("pk")[told:]] == ["signed_in", "patient.read"]


def test_names_the_smallest_change_that_clears_it(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = preview(as_member(alice), patient, "10", "10", "10")
    assert "What would clear it" in shown
    assert "50 mg/day, 10 mg less instead of 30 mg less" in shown
    assert 'name="fill_in" value="2026-11-13/' in shown


def test_a_stop_is_answered_in_words_only(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = preview(as_member(alice), patient, "0", "0", "0")
    assert "Smallest change that clears it" in shown
    assert "fill_in" not in shown


def test_says_when_nothing_clears_it(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    Patient.objects.filter(pk=patient.pk).update(birth_date="2020-01-01")
    shown = preview(as_member(alice), patient, "60", "60", "60")
    assert "What would clear it" in shown


def fill_in(client: Client, patient: Patient, value: str) -> str:
    data = {"starts_on": "2026-11-13", "morning": "10", "midday": "10", "evening": "10", "bedtime": "0"}
    response = client.post(reverse("log_dose", args=[patient.public_id]), {**data, "note": "kept", "fill_in": value})
    return response.content.decode().replace("\u00a0", " ")


def test_fill_in_puts_the_doses_into_the_form_and_judges_them_again(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    shown = fill_in(as_member(alice), patient, "2026-11-13/20/15/20/0")
    assert 'name="midday" value="15"' in shown
    assert "<b>55 mg/day</b>" in shown
    assert "kept" in shown
    assert RegimenChange.objects.filter(patient=patient).count() == 1


@pytest.mark.parametrize("value", ["", "x", "2026-11-13/1/2", "2026-11-13/a/b/c/d", "2026-13-45/1/1/1/1"])
def test_a_tampered_fill_in_saves_nothing(as_member: SignIn, alice: Membership, patient: Patient, value: str) -> None:
    fill_in(as_member(alice), patient, value)
    assert RegimenChange.objects.filter(patient=patient).count() == 1


def test_the_first_dose_of_a_new_patient_is_judged_as_an_increase(as_member: SignIn, alice: Membership) -> None:
    untreated = make_patient(alice, takes=regimen(0), since=None, exposure_months=None)
    shown = preview(as_member(alice), untreated, "40", "40", "0")
    assert "If saved, this would raise" in shown
    assert "sev-high" in shown


def test_says_which_rules_could_not_decide(as_member: SignIn, alice: Membership) -> None:
    recent = make_patient(alice, takes=regimen(10), since=TODAY, exposure_months=None)
    shown = preview(as_member(alice), recent, "40", "40", "0")
    assert "Could not decide" in shown
    assert "so the size of the increase is not known" in shown


def test_says_that_the_running_plan_would_be_held(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    assert "This holds" not in preview(client, patient, "20", "20", "15")
    running_plan(alice, patient)
    assert "This holds the running taper (plan 1, version 1)" in preview(client, patient, "20", "20", "15")


def test_a_backdated_change_is_judged_for_the_days_since_and_for_what_follows_it(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    change_dose(alice, patient, regimen(20, 20, 15), TODAY - timedelta(days=20))
    shown = preview(as_member(alice), patient, "10", "10", "0", starts_on=(TODAY - timedelta(days=40)).isoformat())
    assert "On the days since then" in shown
    assert "60 → 20 mg/day" in shown
    assert "A later entry stands and follows it from 24 Oct 2026: 20 → 55 mg/day (+35 mg, +175 %)." in shown


def test_a_change_from_today_has_no_days_since(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = preview(as_member(alice), patient, "10", "10", "0")
    assert "On the days since then" not in shown
    assert "A later entry" not in shown


def test_the_same_doses_are_said_to_be_no_change(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = preview(as_member(alice), patient, "20", "20", "20")
    assert "60 mg/day (20 mg three times a day) is the dose already on 13 Nov 2026." in shown
    assert "If saved" not in shown


def test_compares_with_the_day_before_and_not_with_the_planned_step_that_it_replaces(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    running_plan(alice, patient)
    shown = preview(as_member(alice), patient, "20", "20", "0", starts_on="2026-11-14")
    assert "60 → 40 mg/day (−20 mg, −33.3 %)" in shown


def test_an_open_question_is_told_what_changes_now(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    """Once: in the question, in place of what was asked about before."""
    shown = preview(as_member(alice), patient, "20", "20", "0", answered_for="0" * 64)
    assert shown.count("% of the ceiling") == 1
    assert "60 → 40 mg/day (−20 mg, −33.3 %). 20 % of the ceiling." in shown.split('id="course" hx-swap-oob="true">')[1]
    assert 'id="course"' not in preview(as_member(alice), patient, "20", "20", "0")


def test_a_stop_behind_a_report_that_goes_on_is_shown_and_asked(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    less = IntakeDraft(kind=IntakeKind.DAILY_TOTAL, starts_on=TODAY - timedelta(days=2), daily_mcg=40_000, goes_on=True)
    record_intake(actor=alice, patient=patient, report=less, now=NOW)
    shown = preview(as_member(alice), patient, "0", "0", "0")
    assert "A report says that 40 mg/day is taken on 13 Nov 2026, and it goes on after saving." in shown
    assert "Critical" in shown.partition("If saved, this would raise")[2].partition("Stands already")[0]
