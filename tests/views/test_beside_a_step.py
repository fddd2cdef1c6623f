"""Wherever a coming step is named, what is really taken and the highest open flag stand beside it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.exports.pdf_text import needs_poppler, words_of
from tests.factories import NOW, TODAY, make_patient, make_plan, regimen, slow_taper
from tests.services.acts import critical_flag, running_plan
from tests.views.test_plan_exports import document
from tests.views.test_planner import draw
from tests.views.test_week_papers import ask, fetch, go_on
from titration.domain.beside_a_step import taken_now
from titration.domain.record import IntakeKind
from titration.exports.week import week_rows
from titration.models import Flag, Membership, Patient, Plan, PlanStep
from titration.selectors import WorklistFilter, worklist
from titration.services.drafts import IntakeDraft
from titration.services.intake import record_intake

SignIn = Callable[[Membership], Client]
TAKEN = "Taken now: <b>0 mg/day, not the 60 mg/day prescribed</b>."
STOP = "Abrupt stop: 60 → 0 mg/day on 12 Nov 2026"
STEPS = [(TODAY + timedelta(days=3), regimen(20, 20, 10)), (TODAY + timedelta(days=10), regimen(20, 10, 10))]


def plain(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ")


@pytest.fixture
def stopped(alice: Membership, patient: Patient) -> Plan:
    """A taper from 60 begins in three days; nothing is taken since yesterday."""
    plan = running_plan(alice, patient, STEPS)
    report = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=TODAY - timedelta(days=1))
    record_intake(actor=alice, patient=patient, report=report, now=NOW)
    return plan


@pytest.mark.parametrize("show", ["all", "steps"])
def test_the_row_of_the_worklist_says_both(as_member: SignIn, alice: Membership, stopped: Plan, show: str) -> None:
    page = plain(as_member(alice).get(reverse("worklist"), {"show": show}))
    row = page.partition("Steps this week")[2]
    flag = Flag.objects.get(patient=stopped.patient, code="W1")
    assert "Taper step 1: to 50 mg/day" in row
    assert "60 → 50" not in row
    assert TAKEN in row
    assert f'<a href="{reverse("flag", args=[stopped.patient.public_id, flag.public_id])}">{STOP}</a>' in row


def test_a_row_whose_dose_is_taken_says_from_what_to_what(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    running_plan(alice, patient, STEPS)
    row = plain(as_member(alice).get(reverse("worklist"))).partition("Steps this week")[2]
    assert "Taper step 1: 60 → 50 mg/day" in row
    assert 'class="beside"' not in row


def test_a_dose_that_only_a_plan_says_is_taken_is_unconfirmed(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    running_plan(alice, patient, slow_taper(TODAY - timedelta(days=3)), now=NOW - timedelta(days=4))
    client = as_member(alice)
    assert "as planned, unconfirmed" in plain(client.get(reverse("worklist")))
    PlanStep.objects.filter(starts_on__lte=TODAY).update(state="started")
    assert "as planned, unconfirmed" not in plain(client.get(reverse("worklist")))


@pytest.mark.parametrize("show", [WorklistFilter.ALL, WorklistFilter.STEPS])
def test_the_worklist_takes_as_many_queries_for_more_rows(
    alice: Membership, patient: Patient, show: WorklistFilter
) -> None:
    def busy(person: Patient) -> None:
        running_plan(alice, person, slow_taper(TODAY - timedelta(days=3)), now=NOW - timedelta(days=4))
        critical_flag(alice, person)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            worklist(alice, NOW, show)
        return len(captured)

    busy(patient)
    few = queries()
    for _ in range(4):
        busy(make_patient(alice))
    assert few == queries() <= 8


@pytest.mark.parametrize("name", ["plan", "plan_slow_down", "plan_hold", "plan_stop"])
def test_the_plan_and_the_questions_about_it_say_both(
    as_member: SignIn, alice: Membership, stopped: Plan, name: str
) -> None:
    page = plain(as_member(alice).get(reverse(name, args=[stopped.patient.public_id, stopped.public_id])))
    assert TAKEN in page
    assert STOP in page.partition(TAKEN)[2][:500]


@pytest.mark.parametrize("name", ["patient", "hand_over", "plan_new", "plan_compare"])
def test_the_pages_of_the_patient_that_name_a_step_say_both(
    as_member: SignIn, alice: Membership, stopped: Plan, name: str
) -> None:
    page = plain(as_member(alice).get(reverse(name, args=[stopped.patient.public_id])))
    assert STOP in page.partition(TAKEN)[2][:500]


def test_a_draft_is_signed_with_both_in_sight(as_member: SignIn, alice: Membership, stopped: Plan) -> None:
    draft = make_plan(alice, stopped.patient, STEPS)
    page = plain(as_member(alice).get(reverse("plan_sign", args=[draft.patient.public_id, draft.public_id])))
    assert STOP in page.partition(TAKEN)[2][:500]


def test_what_the_planner_draws_anew_says_both(as_member: SignIn, alice: Membership, stopped: Plan) -> None:
    page = plain(draw(as_member(alice), stopped.patient, htmx=True, way="weekly_5mg"))
    assert STOP in page.partition(TAKEN)[2][:500]


def test_the_banner_names_the_flag_where_it_names_the_next_dose(
    as_member: SignIn, alice: Membership, stopped: Plan
) -> None:
    page = plain(as_member(alice).get(reverse("conditions", args=[stopped.patient.public_id])))
    assert f"Highest flag: {STOP}" in page.partition("From 16 Nov: 50 mg/day")[2][:500]


def test_the_paper_of_the_week_says_both(alice: Membership, stopped: Plan, rf: RequestFactory) -> None:
    (row,) = week_rows(document(rf, alice, stopped), TODAY, TODAY + timedelta(days=6))
    told = {name: str(value).replace("\u00a0", " ") for name, value in row.items()}
    assert told["taken"] == "Taken now: 0 mg, not the prescribed 60 mg"
    assert told["flag"] == f"Open flag, critical: {STOP}"
    assert (told["from"], told["to"]) == ("", "50 mg")


@needs_poppler
def test_it_is_printed_with_when_it_was_read(as_member: SignIn, alice: Membership, stopped: Plan) -> None:
    client = as_member(alice)
    paper = ask(client)
    go_on(client, paper)
    text = words_of(fetch(client, paper).content).replace("\u00a0", " ")
    assert "Taken now: 0 mg, not the prescribed 60 mg" in text
    assert "Open flag, critical: Abrupt stop" in text
    assert "Taken now and open flags: as of 13 Nov 2026, 09:41" in text


def test_the_page_of_the_patient_knows_what_the_plan_knows(as_member: SignIn, alice: Membership, stopped: Plan) -> None:
    page = plain(as_member(alice).get(reverse("patient", args=[stopped.patient.public_id])))
    assert "Nothing is taken since 12 Nov (2 days); 60 mg/day is prescribed." in page
    assert "is 50 mg more than that." in page


def test_a_difference_to_be_settled_first_stands_on_it_and_on_the_hand_over(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    begun = [(TODAY - timedelta(days=3), regimen(20, 20, 10)), (TODAY + timedelta(days=4), regimen(20, 10, 10))]
    running_plan(alice, patient, begun, now=NOW - timedelta(days=4))
    report = IntakeDraft(kind=IntakeKind.DAILY_TOTAL, starts_on=TODAY - timedelta(days=1), daily_mcg=30_000)
    record_intake(actor=alice, patient=patient, report=report, now=NOW)
    for name in ("patient", "hand_over"):
        page = plain(as_member(alice).get(reverse(name, args=[patient.public_id])))
        assert "<b>To be settled first:</b> 30 mg/day was taken on" in page


def test_a_next_step_that_is_too_steep_is_named_on_it(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient, [(TODAY + timedelta(days=3), regimen(20)), (TODAY + timedelta(days=10), regimen(0))])
    page = plain(as_member(alice).get(reverse("patient", args=[patient.public_id])))
    assert "Next step: Dose drops 66.7 % in one day: 60 → 20 mg/day on 16 Nov 2026" in page


def test_a_draft_and_a_plan_that_is_over_have_no_next_step(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    make_plan(alice, patient, [(TODAY + timedelta(days=3), regimen(20)), (TODAY + timedelta(days=10), regimen(0))])
    page = plain(as_member(alice).get(reverse("patient", args=[patient.public_id])))
    assert "Next step:" not in page


@pytest.mark.parametrize(
    ("taken", "prescribed", "unconfirmed", "words"),
    [
        (0, 60_000, False, "0 mg/day, not the 60 mg/day prescribed"),
        (62_500, 60_000, False, "62.5 mg/day, not the 60 mg/day prescribed"),
        (60_000, 60_000, False, "60 mg/day, as prescribed"),
        (60_000, 60_000, True, "60 mg/day, as planned, unconfirmed"),
        (None, 60_000, False, "not known; 60 mg/day is prescribed"),
        (10_000, None, False, "10 mg/day"),
        (None, None, False, "not known"),
    ],
)
def test_what_is_taken_now_in_words(
    taken: int | None, prescribed: int | None, *, unconfirmed: bool, words: str
) -> None:
    assert taken_now(taken, prescribed, is_unconfirmed=unconfirmed).replace("\u00a0", " ") == words
