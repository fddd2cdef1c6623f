"""Exports of a plan: the whole plan in every format, its own right, its own audit event, no name in the file's."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.exports.calendar_checker import days_of, read_calendar
from tests.exports.pdf_text import needs_poppler, words_of
from tests.exports.schema_checker import check
from tests.exports.test_json import SCHEMA
from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, regimen
from tests.services.acts import ANSWER, as_shown
from tests.views.plan_acts import taper
from titration.domain.record import PlanKind, TreatmentState
from titration.exports import FORMATS, PlanDocument
from titration.exports.json_ import plan_values
from titration.exports.language import LANGUAGES
from titration.exports.record_page import record_values
from titration.models import AuditEvent, Membership, Patient, Plan
from titration.permissions import SENTENCES, Action
from titration.services.drafts import TreatmentDraft
from titration.services.plan_exports import export_plan
from titration.services.plans import sign_plan, slow_plan_down
from titration.services.treatment import change_treatment
from titration.views.plan_document import plan_document
from titration.views.plan_page import scene_of

SignIn = Callable[[Membership], Client]


@pytest.fixture
def plan(alice: Membership, patient: Patient) -> Plan:
    made = make_plan(alice, patient, taper())
    return sign_plan(actor=alice, plan=made, state_version=made.state_version, now=NOW)


def export(client: Client, plan: Plan, name: str) -> Any:
    return client.get(reverse("plan_export", args=[plan.patient.public_id, plan.public_id, *name.split(".")]))


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_a_file_without_a_name_in_its_name(
    as_member: SignIn, paul: Membership, plan: Plan, name: str
) -> None:
    answer = export(as_member(paul), plan, name)
    assert answer.status_code == 200
    assert answer["Content-Type"] == FORMATS[name].content_type
    assert answer["Content-Disposition"] == f'attachment; filename="baclofen-plan-1-version-1-{name}"'
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", FORMATS)
def test_each_export_leaves_an_audit_event(as_member: SignIn, nina: Membership, plan: Plan, name: str) -> None:
    export(as_member(nina), plan, name)
    event = AuditEvent.objects.get(action="plan.exported")
    assert (event.detail["format"], event.actor, event.object_id) == (name, nina.user, str(plan.public_id))
    assert "Ashdown" not in str(event.detail)


@pytest.mark.parametrize("name", ["steps.csv", "days.csv", "calendar.ics", "plan.json"])
def test_the_whole_plan_is_in_it(as_member: SignIn, alice: Membership, plan: Plan, name: str) -> None:
    text = export(as_member(alice), plan, name).content.decode()
    for step in plan.steps.all():
        day = step.starts_on.strftime("%Y%m%d") if name.endswith("ics") else step.starts_on.isoformat()
        assert day in text


@pytest.mark.parametrize("name", ["steps.csv", "days.csv", "calendar.ics", "plan.json"])
def test_a_draft_says_that_it_is_one(as_member: SignIn, alice: Membership, patient: Patient, name: str) -> None:
    text = export(as_member(alice), make_plan(alice, patient, taper()), name).content.decode()
    assert "draft" in text.lower()


def test_a_plan_that_goes_on_counts_the_tablets_of_its_last_dose(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    up = [(TODAY + timedelta(days=1 + 3 * at), regimen(70 + 10 * at)) for at in range(2)]
    plan, client = make_plan(alice, patient, up, kind=PlanKind.TITRATION), as_member(alice)
    told = json.loads(export(client, plan, "plan.json").content)
    assert sum(int(each["count"]) for each in told["quantities"]) == 3 * 7 + 7 * 8
    page = client.get(reverse("plan", args=[patient.public_id, plan.public_id])).content.decode()
    assert "for 14\u00a0Nov to 23\u00a0Nov\u00a02026" in page


def document(rf: RequestFactory, member: Membership, plan: Plan, now: datetime = NOW) -> PlanDocument:
    request: Any = rf.get("/")
    request.membership, request.user, request.today, request.now = member, member.user, now.date(), now
    return plan_document(request, scene_of(request, plan.patient.public_id, plan.public_id), FORMATS["record.pdf"])


def test_a_plan_on_hold_tells_the_dose_that_stands(alice: Membership, plan: Plan, rf: RequestFactory) -> None:
    ahead = NOW + timedelta(days=9)
    change_dose(alice, plan.patient, regimen(45), ahead.date() + timedelta(days=2), now=ahead)
    told = document(rf, alice, plan, ahead)
    assert told.held_on == ahead.date() + timedelta(days=2)
    doses = [(dose.starts_on, dose.regimen.daily_mcg) for dose in told.standing]
    assert doses == [(ahead.date(), 50_000), (told.held_on, 45_000)]


def test_each_period_of_dispensing_stands_in_the_record_and_in_the_file(
    alice: Membership, plan: Plan, rf: RequestFactory
) -> None:
    told = document(rf, alice, plan)
    facts: Any = record_values(told)["facts"]
    words = dict(facts)["Periods"].replace("\u00a0", " ")
    assert words.startswith("14 Nov 2026 to 11 Dec 2026: ")
    assert words.count(" to ") == len(told.periods) == 3
    values: Any = plan_values(told)
    check(values, SCHEMA, SCHEMA)
    assert [period["first_on"] for period in values["periods"]] == ["2026-11-14", "2026-12-12", "2027-01-09"]
    counts = [Fraction(each["count"]) for period in values["periods"] for each in period["quantities"]]
    assert sum(counts) == sum(Fraction(each["count"]) for each in values["quantities"])


def test_the_picture_for_paper_needs_no_style_sheet(alice: Membership, plan: Plan, rf: RequestFactory) -> None:
    drawn = document(rf, alice, plan).chart_svg
    assert "class=" not in drawn
    shapes = re.findall(r"<(?:path|line|text|rect|circle) [^>]*>", drawn)
    assert [shape for shape in shapes if "fill=" not in shape and "stroke=" not in shape] == []


@pytest.mark.parametrize("name", ["sheet.csv", "record.json", "x.pdf", "steps.exe"])
def test_an_unknown_format_is_not_found(as_member: SignIn, alice: Membership, plan: Plan, name: str) -> None:
    assert export(as_member(alice), plan, name).status_code == 404
    assert not AuditEvent.objects.filter(action="plan.exported").exists()


def test_a_read_only_member_exports_nothing(as_member: SignIn, bob: Membership, plan: Plan) -> None:
    for name in FORMATS:
        answer = export(as_member(bob), plan, name)
        assert answer.status_code == 403
        assert SENTENCES[Action.EXPORT_PLAN] in answer.content.decode()


@pytest.mark.parametrize("name", FORMATS)
def test_another_clinic_finds_no_export(as_member: SignIn, charlie: Membership, plan: Plan, name: str) -> None:
    assert export(as_member(charlie), plan, name).status_code == 404


def test_another_patients_plan_is_not_exported(as_member: SignIn, alice: Membership, plan: Plan) -> None:
    address = reverse("plan_export", args=[make_patient(alice).public_id, plan.public_id, "steps", "csv"])
    assert as_member(alice).get(address).status_code == 404


def test_exporting_is_never_a_post(as_member: SignIn, alice: Membership, plan: Plan) -> None:
    address = reverse("plan_export", args=[plan.patient.public_id, plan.public_id, "steps", "csv"])
    assert as_member(alice).post(address).status_code == 405


def test_a_plan_that_cannot_be_made_is_refused_with_what_it_needs(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    plan = make_plan(alice, patient, [(TODAY, regimen(0.3))])
    answer = export(as_member(alice), plan, "sheet.pdf")
    assert answer.status_code == 422
    assert "cannot be made" in answer.content.decode()


def test_a_plan_changed_while_its_pdf_is_made_prints_what_was_read(
    alice: Membership, plan: Plan, rf: RequestFactory
) -> None:
    """Read with the patient locked, made afterwards: the hash on paper is the one in the audit, of the version read."""
    reading = export_plan(
        actor=alice,
        patient=plan.patient,
        format_name="plan.json",
        now=NOW,
        read=lambda _: (plan, document(rf, alice, plan)),
    )
    later = [(day + timedelta(days=14), dose) for day, dose in taper()]
    newer = slow_plan_down(actor=alice, plan=plan, continuation=as_shown(plan, later), now=NOW)
    told = json.loads(FORMATS["plan.json"].write(reading))
    event = AuditEvent.objects.get(action="plan.exported")
    assert told["plan"]["content_hash"] == plan.content_hash != newer.content_hash
    assert event.detail["hash"] == plan.content_hash[:12]
    assert [step["starts_on"] for step in told["steps"]] == [day.isoformat() for day, _ in taper()]


def test_a_calendar_and_a_spreadsheet_are_not_judged(
    as_member: SignIn, alice: Membership, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(*_: Any, **__: Any) -> None:
        raise AssertionError("judged")

    monkeypatch.setattr("titration.views.plan_page.judge_plan", judged)
    for name in ("calendar.ics", "steps.csv", "days.csv", "sheet.pdf"):
        assert export(as_member(alice), plan, name).status_code == 200


def events(client: Client, plan: Plan) -> dict[str, dict[str, str]]:
    """The phone's events by UID."""
    return {event["UID"]: event for event in read_calendar(export(client, plan, "calendar.ics").content)}


@pytest.mark.parametrize("steps_left_out", [0, 2], ids=["as many steps", "two steps fewer"])
def test_a_phone_that_follows_a_re_dated_plan_keeps_no_old_day(
    as_member: SignIn, alice: Membership, plan: Plan, steps_left_out: int
) -> None:
    """The second step has begun; the rest starts a week later. The phone then shows the new plan alone."""
    client, now = as_member(alice), NOW + timedelta(days=10)
    phone = events(client, plan)
    later = [(day + timedelta(days=7), dose) for day, dose in taper()[2 + steps_left_out :]]
    newer = slow_plan_down(actor=alice, plan=plan, continuation=as_shown(plan, later, answer=ANSWER), now=now)
    update = events(client, newer)
    told_twice = phone.keys() & update.keys()
    assert all(int(update[uid]["SEQUENCE"]) > int(phone[uid]["SEQUENCE"]) for uid in told_twice)
    shown = [event for event in (phone | update).values() if event["STATUS"] != "CANCELLED"]
    days = sorted((days_of(event) for event in shown), key=lambda span: span[0])
    assert all(before[1] <= after[0] for before, after in pairwise(days)), "two doses on one day"
    assert [first for first, _ in days] == [day for day, _ in taper()[:2]] + [day for day, _ in later]
    cancelled = [event for event in update.values() if event["STATUS"] == "CANCELLED"]
    assert len(cancelled) == steps_left_out
    assert not update.keys() - phone.keys(), "a new event, though an old one was free"


@pytest.mark.parametrize("is_exported_again", [False, True])
def test_a_phone_that_follows_another_plan_keeps_no_step_of_the_one_before_beyond_it(
    as_member: SignIn, alice: Membership, plan: Plan, is_exported_again: bool
) -> None:
    """Signed today for day 20; the plan before it goes on until then, and its later events are called off."""
    client, phone = as_member(alice), {}
    phone |= events(client, plan)
    steps = [(TODAY + timedelta(days=20 + 7 * at), regimen(mg)) for at, mg in enumerate((40, 30))]
    made = make_plan(alice, plan.patient, steps, start=regimen(45))
    newer = sign_plan(actor=alice, plan=made, state_version=0, now=NOW, answer=ANSWER)
    plan.refresh_from_db()
    for each in (newer, *([plan] if is_exported_again else [])):
        for uid, event in events(client, each).items():
            if uid not in phone or int(event["SEQUENCE"]) >= int(phone[uid]["SEQUENCE"]):
                phone[uid] = event
    shown = [days_of(event)[0] for event in phone.values() if event["STATUS"] != "CANCELLED"]
    assert sorted(shown) == [*(day for day, _ in taper()[:3]), *(day for day, _ in steps)]


@needs_poppler
def test_the_sheet_is_printed_in_the_language_and_size_of_choice(
    as_member: SignIn, alice: Membership, plan: Plan
) -> None:
    address = reverse("plan_export", args=[plan.patient.public_id, plan.public_id, "sheet", "pdf"])
    answer = as_member(alice).get(address, {"language": "de", "size": "large"})
    assert answer["Content-Disposition"].endswith('"baclofen-plan-1-version-1-sheet-de-large.pdf"')
    assert "Baclofen Schritt für Schritt absetzen" in words_of(answer.content)
    for unknown in ({"language": "xx"}, {"size": "huge"}):
        assert as_member(alice).get(address, unknown).status_code == 404


def test_the_page_to_print_says_what_the_pdf_says_and_is_audited(
    as_member: SignIn, alice: Membership, plan: Plan
) -> None:
    answer = as_member(alice).get(reverse("plan_sheet", args=[plan.patient.public_id, plan.public_id]))
    page = answer.content.decode().replace("\u00a0", " ")
    for said in (
        "Coming off baclofen step by step",
        "Morning",
        plan.content_hash[:12],
        "Ring us the same",
    ):
        assert said in page
    assert AuditEvent.objects.get(action="plan.exported").detail["format"] == "sheet.html"


def test_a_day_with_its_month_may_take_two_lines_so_that_no_two_days_run_together(
    as_member: SignIn, alice: Membership, plan: Plan
) -> None:
    page = as_member(alice).get(reverse("plan_sheet", args=[plan.patient.public_id, plan.public_id])).content.decode()
    assert re.search(r'class="day[^"]*"><span>\d+ \w+</span>', page)


def test_the_take_home_page_offers_every_language_and_exports_nothing(
    as_member: SignIn, alice: Membership, plan: Plan
) -> None:
    page = as_member(alice).get(reverse("plan_take_home", args=[plan.patient.public_id, plan.public_id]))
    assert all(name in page.content.decode() for name in LANGUAGES.values())
    assert not AuditEvent.objects.filter(action="plan.exported").exists()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("moved", "The treatment was handed over. Do not follow this sheet."),
        ("died", "The patient has died. Do not follow this sheet."),
    ],
)
def test_the_paper_of_whose_treatment_is_over_says_so(
    as_member: SignIn, alice: Membership, running: Plan, kind: str, words: str
) -> None:
    said = TreatmentDraft(kind=TreatmentState(kind), on=TODAY, handed_to="Dr Pine", why="By letter")
    change_treatment(actor=alice, patient=running.patient, draft=said, now=NOW)
    shown = as_member(alice).get(reverse("plan_sheet", args=[running.patient.public_id, running.public_id]))
    assert words in shown.content.decode()
